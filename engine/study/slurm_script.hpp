#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace entrepot {

/// A sweep as jobs of Slurm.
struct SlurmJobs {
  std::string name;                        ///< of the jobs
  std::filesystem::path program, folder;   ///< absolute; where the jobs work
  std::filesystem::path study, output;     ///< as seen from that folder
  std::vector<std::string> sweep_options;  ///< of every `entrepot sweep`, such as --set and what it sets
  int parts = 8, cores = 1;                ///< jobs in the array, cores of each
  std::string time = "60";                 ///< limit of each, as sbatch takes it
  int warning = 60;                        ///< seconds before that when the sweep is told to stop and keep what is done
  std::vector<std::string> sbatch_options;  ///< more of them, such as --partition=long
};

/// A shell script that submits a job array, a part of the sweep to each job, and a job that makes one file of the
/// shards when all are done. A job whose time is up keeps its rows and queues again. Prints the number of the array and
/// of the last job, each on a line.
std::string slurm_script(const SlurmJobs& jobs);

/// A word as the shell takes it, whatever is in it.
std::string shell_word(const std::string& text);

}  // namespace entrepot
