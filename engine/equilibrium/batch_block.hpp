#pragma once

#include <vector>

#include "batch.hpp"
#include "batch_base.hpp"

namespace entrepot {

/// A number of scenarios of one batch, one in each lane, all taking steps at once. A lane is entered with a scenario
/// and left when it has settled; the others go on.
class BatchBlock {
 public:
  /// hold_wages: wages stay as given, and only prices and spending settle.
  BatchBlock(const BatchBase& base, Index lanes, double tolerance, bool hold_wages = false);

  Index lanes() const noexcept { return lanes_; }
  /// Puts a scenario in a lane. False: it is of a kind that the block does not know, and the lane is idle.
  bool enter(Index lane, const Shock& shock, const Vector& theta, const BatchStart& start);
  /// Makes a lane idle.
  void leave(Index lane);

  /// One step of all lanes: wages (unless held), prices, spending, and how far each is off.
  void step();
  enum class State { kMoving, kSettled, kLost };
  State state(Index lane) const;
  int steps(Index lane) const noexcept { return steps_[at(lane)]; }

  /// Of lanes that have settled, in their order.
  std::vector<Solution> solutions(const std::vector<Index>& lanes) const;
  /// ln ĉ, sector × location, and spending, sector × market, million USD.
  Matrix log_cost(Index lane) const { return by_sector(log_cost_, lane, base_.kernel.locations); }
  Matrix spending(Index lane) const { return by_sector(spending_, lane, base_.kernel.markets); }
  /// What producers pay beyond what workers earn, country, million USD.
  Vector gap(Index lane) const { return gap_.col(lane).head(base_.kernel.countries); }

 private:
  static constexpr Index kWagesRemembered = 2;  ///< differences that the acceleration of wages remembers
  /// The flows of one sector that have lanes of their own.
  struct Corrections {
    std::vector<SectorFlow> flows;                ///< rising
    std::vector<double> plain_weight, plain_net;  ///< of a lane that does not touch the flow
    Lanes weight, net;                            ///< flow × lane: what is to be added to the shared products
  };
  /// Payments out of a flow's receipts to a country: an export tax, a rent, a hub's margin.
  struct Payments {
    struct Payer {
      SectorFlow flow;
      Index country = 0;
      bool tax = false;  ///< to the exporter's government
      friend auto operator<=>(const Payer&, const Payer&) = default;
    };
    std::vector<Payer> payers;  ///< rising
    Lanes rate;                 ///< × supply × spending over price index, payer × lane
  };
  struct Touch {
    SectorFlow flow;
    double weight, net;
  };
  struct Paid {
    Payments::Payer payer;
    double rate;
  };

  using Column = Eigen::Ref<const Vector>;
  Solution solution(Index lane, const Column& supply, const Column& received, const Column& log_price,
                    const Column& spending) const;
  Matrix by_sector(const Lanes& lanes, Index lane, Index places) const;
  bool fits(const Shock& shock) const;
  bool touch(Index lane, const Shock& shock, const Vector& theta);
  void add_rows(Index sector, const std::vector<Touch>& touches);
  void add_rows(Index sector, const std::vector<Paid>& paid);
  void clear(Index lane, const BatchStart& start);

  void move_wages();
  void follow_wages(Index sector);
  void prices_and_receipts();
  void costs();
  void incomes();
  void spend();
  void clear_markets();

  const BatchBase& base_;
  Index lanes_;
  double tolerance_;
  bool hold_wages_;
  std::vector<bool> busy_;
  std::vector<int> steps_;
  std::vector<Corrections> corrections_;  ///< sector
  std::vector<Payments> payments_;        ///< sector
  std::vector<bool> leaks_;               ///< sector, of any lane so far

  // Given; rows × lane.
  Lanes theta_, minus_inverse_theta_;  ///< sector
  Lanes labour_cost_;  ///< −(I − ΓᵀD)^−1 γ^V ln Â, sector·locations + location; empty: no lane has any
  Lanes deficit_;      ///< country
  // The unknowns.
  Lanes log_wage_, log_cost_, spending_, income_;
  // What follows.
  Lanes log_price_, supply_, foreign_, received_;
  Lanes revenue_, export_tax_, rent_, factor_, gap_;
  Lanes rest_;                                   ///< ln P̂ − D ln ĉ of producers' markets
  Lanes index_, scaled_, net_, sold_, product_;  // one sector's or location's
  Lanes error_;                                  ///< rows: costs, spending, income, output, factors
  // Anderson acceleration of wages, for all lanes.
  std::vector<Lanes> moved_, changed_;
  Lanes last_wage_, last_step_, wish_;
  std::vector<bool> has_last_;
  Index slot_ = 0;
};

}  // namespace entrepot
