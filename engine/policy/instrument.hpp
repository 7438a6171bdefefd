#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flow_set.hpp"
#include "selector.hpp"
#include "shock.hpp"
#include "text/csv.hpp"
#include "text/schema.hpp"

namespace entrepot {

struct Instrument;

/// One [[policy]] of a scenario file, checked against its instrument's parameters but not yet against a world.
struct Policy {
  std::string name;
  const Instrument* instrument = nullptr;
  Arguments arguments;
  std::optional<CsvTable> table;  ///< the file that the parameter `file` names, read
  bool standing = false;          ///< a zone of the reference world, seen again by the scenario's policies
};

/// The part of a shock that an instrument writes.
enum class Channel {
  kTariff,
  kExportTax,
  kIceberg,
  kOpenShare,
  kPriceCap,
  kProductivity,
  kTransfer,
  kClosedDeficit,
  kBurden
};

/// Whom a parameter came to stand for, for `entrepot check`.
struct Resolved {
  std::string parameter;
  bool sectors = false;  ///< members are sectors, else countries
  std::vector<Index> members;
};

/// What a policy did to one part of a shock.
struct Change {
  Channel channel = Channel::kTariff;
  FlowSet flows = {};     ///< the flows touched; empty for what is not of flows
  bool replaces = false;  ///< wrote rates without regard to those before
  std::string of = {};    ///< which of several sets of flows this is, such as "between members"
};

/// What a policy did to a shock, for `entrepot check`.
struct Effect {
  std::vector<Change> changes = {};
  std::vector<Resolved> resolved = {};
  std::vector<std::string> notes = {};
  std::vector<std::string> doubts =
      {};  ///< what was hardly meant, such as a percentage for a fraction; `run` says it too
};

/// What a policy is compiled against. `world` is the world its rates are relative to.
struct Context {
  const World& world;
  const Selector& selector;
  Problems& problems;
};

/// A kind of policy: its parameters and how it turns into a shock. To add one, write a file with one of these and list
/// it in instruments.cpp.
struct Instrument {
  std::string name;
  std::string meaning;      ///< one sentence
  std::string compiles_to;  ///< in the model's symbols
  Schema parameters;        ///< beside common_parameters()
  std::string example;      ///< a [[policy]] of a scenario file, for the documentation
  /// Mistakes that need no world to be seen, such as a rate missing for this action; may be nullptr.
  void (*check)(const Policy&, Problems&) = nullptr;
  /// Changes the shock. A mistake (an unknown country, a rate at or below −100 %) is added to the problems.
  Effect (*compile)(const Policy&, const Context&, Shock&) = nullptr;
  /// Whether it can be in force in the reference world too: a base year keeps neither rents nor conditions.
  bool in_reference = true;
};

extern const Instrument kTariffInstrument, kFreeTradeAgreementInstrument, kCustomsUnionInstrument, kExportTaxInstrument,
    kNtbInstrument, kCustomsCooperationInstrument, kCorridorInstrument, kEmbargoInstrument,
    kFinancialSanctionsInstrument, kSecondarySanctionsInstrument, kEvasionInstrument, kPriceCapInstrument,
    kProductivityInstrument, kInvestmentInstrument, kTransferInstrument, kAssetFreezeInstrument,
    kBurdenSharingInstrument, kEconomicZoneInstrument;

/// What a policy does to a shock; nothing, and a note says so, where a list of countries is a bloc of the scenario's
/// own that has no members.
Effect compile_policy(const Policy& policy, const Context& context, Shock& shock);

/// Whether a bloc of the scenario's own, which may have any number of members, is in one of a policy's lists.
bool names_own_bloc(const Policy& policy, const Context& context, const std::string& list);
/// Whether a policy lists a bloc among its countries.
bool names_bloc(const Policy& policy, const std::string& bloc);

/// All instruments, in the order of the documentation.
const std::vector<const Instrument*>& instruments();

/// The instrument of that name, or nullptr.
const Instrument* find_instrument(const std::string& name);

/// The parameters every policy has: `name`, `instrument`, whose choices are the instruments, and `enabled`.
Schema common_parameters();

// Parameters shared by instruments on flows: importers, exporters, sectors, exclude, exclude_sectors.
Parameter country_list(std::string name, std::string meaning, bool required = true);
Parameter sector_list();
Parameter goods_list();  ///< the same, by default goods
Parameter country_exclusions(const std::string& of);
Parameter sector_exclusions();
/// A number from 0 to 1 with a fallback, such as a share or a degree.
Parameter fraction(std::string name, std::string meaning, std::string fallback);

/// Resolves a list of countries (less `exclude`) or of sectors (less `exclude_sectors`) and notes it in the effect.
std::vector<Index> resolve_countries(const Policy& policy, const Context& context, const std::string& parameter,
                                     Effect& effect);
std::vector<Index> resolve_sectors(const Policy& policy, const Context& context, Effect& effect);
/// The one country that a text names; none, with a problem, where it is unknown or several.
std::optional<Index> resolve_country(const Policy& policy, const Context& context, const std::string& parameter);

/// Doubts a rate above 3 (300 %), which is hardly meant: "a rate of 8 is 800 %; 8 % would be 0.08". what: the word for
/// it.
void doubt_rate(const std::string& what, double rate, Effect& effect);

/// Adds a problem where these flows are none at all, as when importers and exporters are one country; not where a name
/// was a mistake already, and only a note where a bloc of the scenario's own is among the names.
void expect_flows(const Policy& policy, const Context& context, Effect& effect, const FlowSet& flows);

/// Codes of countries with commas between, for notes.
std::string listed(const World& world, const std::vector<Index>& countries);

/// Notes who is sender and target at once; a problem where that is everybody on either side, so that nobody sanctions
/// anybody else.
void expect_opponents(const Policy& policy, const Context& context, const std::vector<Index>& senders,
                      const std::vector<Index>& targets, Effect& effect);

/// An array of this world's shape, filled with `fill`, where it is still empty.
void allocate(Bilateral& array, const World& world, double fill);

}  // namespace entrepot
