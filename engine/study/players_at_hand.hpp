#pragma once

#include "players.hpp"
#include "study.hpp"
#include "study_measures.hpp"
#include "world/baseline_files.hpp"

namespace entrepot {

/// The players of a study with what only a world can tell: the coalition's other members, incomes in the reference
/// world, and the bounds of what sanctions could do, which are solved for. measures: of the study; they must have
/// welfare_usd of all who are asked about. Throws InputError, at the study's lines, for countries, blocs and measures
/// that do not fit.
Players players_of(const Study& study, const Baseline& baseline, const BlocTable& blocs, const StudyMeasures& measures);

}  // namespace entrepot
