#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sample_design.hpp"
#include "text/schema.hpp"

namespace entrepot {

/// Countries that act for themselves: those that may join a coalition, or the players of a game. A study that has them
/// solves every combination of what they do, for each of its draws. Combinations are counted with the last country's
/// strategy fastest.
struct Players {
  enum class Kind { kCoalition, kGame };
  Kind kind = Kind::kCoalition;
  std::vector<std::string> countries;   ///< by code
  std::vector<std::string> strategies;  ///< of each of them: of a coalition "out", "in"; of a game the first complies
  std::vector<std::string> targets;     ///< by code; a game may have none. Their losses are told together
  std::vector<double> income;           ///< of core and countries in the reference world, million USD
  bool listed = false;                  ///< cases are not draws of a sample, but each has values that were listed
  // Of a coalition:
  std::vector<std::string> core;  ///< members whoever joins, by code
  std::vector<double> losses;     ///< asked of the target, million USD; empty: tenths of the most that any takes
  struct Bound {
    std::string name;
    double target_loss = 0.0, cost = 0.0;  ///< million USD; kMissing where there is no equilibrium
    std::string reason = {};               ///< why there is none
  };
  std::vector<Bound> bounds;  ///< of the sanctions potential
  // Of a game:
  std::vector<double> penalties;  ///< on whoever does not comply, million USD

  Index combinations() const;
  /// What a player does in a combination: the place of its strategy.
  Index strategy(Index combination, Index player) const;
};

/// [coalition] or [game] of a study as it is written, before there is a world.
struct PlayersAsked {
  Players players;
  LocatedText bloc;                             ///< of a coalition: which the countries may join
  std::vector<std::vector<LocatedText>> blocs;  ///< by strategy: those that a country then belongs to
  SourceLocation where;
  std::vector<SourceLocation> country_where;
  std::vector<SourceLocation> target_where;

  /// All blocs that some strategy makes a country a member of.
  std::vector<LocatedText> all_blocs() const;
};

/// Reads the tables out of a study's document; none where it has neither.
std::optional<PlayersAsked> read_players(const Arguments& study, Problems& problems);

/// For a result file, and back. Throws FileError for a text that is damaged.
std::string players_text(const Players& players);
Players parse_players(std::string_view text, const std::filesystem::path& file);

/// The keys of [coalition], of [game] and of each [[game.strategy]].
const Schema& coalition_schema();
const Schema& game_schema();
const Schema& strategy_schema();

}  // namespace entrepot
