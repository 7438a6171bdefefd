#pragma once

#include <cmath>
#include <string>
#include <utility>

namespace entrepot {

/// How far one block of accounts lies from where it started: the accounts before balancing (country_balance.hpp), in a
/// recipe the shares of the table or of the donors with the new trade and GDP, or, for "against the table's", the
/// earlier accounts of the countries that the table has.
struct BlockChange {
  std::string name;     ///< "inputs", "value added", "final use", "home sales", "trade between countries"
  double change = 0.0;  ///< Σ|after − before| / Σ before, ratio
  std::string largest;  ///< the account that moved most, by name
  double before = 0.0;  ///< that account, million USD
  double after = 0.0;   ///< million USD
};

/// Sums how far accounts moved and remembers the one that moved most.
class ChangeOf {
 public:
  explicit ChangeOf(std::string name) { block_.name = std::move(name); }
  template <typename Name>
  void account(double before, double after, const Name& name) {
    moved_ += std::abs(after - before);
    all_ += std::abs(before);
    if (std::abs(after - before) > largest_) {
      largest_ = std::abs(after - before);
      block_.largest = name();
      block_.before = before;
      block_.after = after;
    }
  }
  BlockChange block() const {
    BlockChange block = block_;
    block.change = all_ > 0.0 ? moved_ / all_ : 0.0;
    return block;
  }

 private:
  BlockChange block_;
  double moved_ = 0.0, all_ = 0.0, largest_ = 0.0;
};

}  // namespace entrepot
