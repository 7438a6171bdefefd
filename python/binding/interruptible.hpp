#pragma once

#include <atomic>
#include <functional>

namespace entrepot::python {

/// Does work on a thread of its own without the interpreter's lock, while this one listens for signals: Ctrl-C sets
/// `stop`, waits for the work to end, and is then raised. What the work throws is thrown here. Called with the lock.
void run_interruptibly(const std::function<void(std::atomic<bool>& stop)>& work);

}  // namespace entrepot::python
