#include "interruptible.hpp"

#include <pybind11/pybind11.h>

#include <chrono>
#include <exception>
#include <future>
#include <optional>

namespace entrepot::python {

namespace py = pybind11;

void run_interruptibly(const std::function<void(std::atomic<bool>& stop)>& work) {
  constexpr std::chrono::milliseconds kListen{20};
  std::atomic<bool> stop{false};
  std::future<void> done;
  std::optional<py::error_already_set> raised;
  {
    const py::gil_scoped_release others_go_on;
    done = std::async(std::launch::async, [&] { work(stop); });
    while (done.wait_for(kListen) != std::future_status::ready) {
      const py::gil_scoped_acquire lock;
      if (!raised && PyErr_CheckSignals() != 0) {
        raised.emplace();
        stop = true;
      }
    }
  }
  if (raised) throw std::move(*raised);
  done.get();
}

}  // namespace entrepot::python
