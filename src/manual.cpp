#include <fmt/format.h>

#include "command.hpp"
#include "results/version.hpp"

namespace entrepot::program {

namespace {

/// The manual page, in the words of every command's own --help.
int print_manual(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("help,h", "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {}, values)) return kSuccess;
  fmt::print(
      ".TH ENTREPOT 1 \"\" \"entrepot {}\" \"User Commands\"\n.SH NAME\nentrepot \\- what follows from sanctions and "
      "trade agreements\n.SH SYNOPSIS\n.B entrepot\n.I COMMAND\n.RI [ options ]\n.SH DESCRIPTION\nTakes the world as "
      "it was in a base year and a scenario that reads like the policy, and computes the world that follows: who "
      "gains, who loses, why, in per cent and in million USD. Results are netCDF\\-4/HDF5 files.\n.SH COMMANDS\n",
      program_version());
  for (const Command* command : commands()) {
    fmt::print(".SS entrepot {} {}\n.nf\n", command->name, command->arguments);
    command->run(*command, {"--help"});
    fmt::print(".fi\n");
  }
  fmt::print(
      ".SH EXIT STATUS\n.nf\n{}.fi\n.SH ENVIRONMENT\n.TP\n.B ENTREPOT_DATA\nThe folder of base years and blocs, in "
      "place of the one installed with the program.\n.SH FILES\n.TP\n.I outputs/NAME.h5\nWhere the results of "
      "NAME.toml "
      "go if no output is named.\n.SH SEE ALSO\nThe scenario file, the instruments, studies and result files are "
      "described in the project's docs folder.\n",
      exit_statuses());
  return kSuccess;
}

}  // namespace

const Command kManual{"manual", "[options]", "Print the manual page, for man.",
                      "entrepot manual > entrepot.1 && man ./entrepot.1", print_manual};

}  // namespace entrepot::program
