#include "study/slurm_script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "support/temporary_folder.hpp"

namespace entrepot {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const SlurmJobs kJobs{.name = "it's",
                      .program = "/opt/entre pot",
                      .folder = "/home/a b",
                      .study = "study.toml",
                      .output = "100%.h5",
                      .sweep_options = {"--set", "title=$(a) \"b\""},
                      .parts = 12,
                      .cores = 4,
                      .time = "2-00:00:00",
                      .sbatch_options = {"--partition=long"}};

TEST(SlurmScript, IsOneArrayOfPartsAndAJobAfterThem) {
  EXPECT_THAT(slurm_script(kJobs),
              AllOf(HasSubstr("sbatch --parsable --array=1-12 "), HasSubstr("#SBATCH --cpus-per-task=4\n"),
                    HasSubstr("#SBATCH --time=2-00:00:00\n"), HasSubstr("#SBATCH --signal=B:USR1@60\n"),
                    HasSubstr("#SBATCH --partition=long\n"), HasSubstr("#SBATCH --chdir='/home/a b'\n"),
                    HasSubstr("#SBATCH --output=100%%.slurm-%a.log\n"), HasSubstr("#SBATCH --job-name='it'\\''s'\n"),
                    HasSubstr("'/opt/entre pot' sweep study.toml --output 100%.h5 --resume --threads 4 --set "
                              "'title=$(a) \"b\"' --shard \"$SLURM_ARRAY_TASK_ID/12\" &\n"),
                    HasSubstr("--dependency=\"afterok:$array\"")));
}

/// With an sbatch that keeps the jobs it is given.
TEST(SlurmScript, HandsSbatchTwoScriptsThatTheShellUnderstands) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "script") << slurm_script(kJobs);
  std::ofstream(folder / "sbatch") << "#!/bin/sh\ncat > '" << (folder / "job-").string() << "'\"$#\"\necho \"$*\" > '"
                                   << (folder / "arguments-").string() << "'\"$#\"\necho \"$#;cluster\"\n";
  std::filesystem::permissions(folder / "sbatch", std::filesystem::perms::owner_all);
  const std::string command = "PATH='" + folder.path().string() + "':$PATH sh '" + (folder / "script").string() +
                              "' > '" + (folder / "said").string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(test::content_of(folder / "said"), "2\n3\n");
  EXPECT_EQ(test::content_of(folder / "arguments-3"), "--parsable --dependency=afterok:2 --kill-on-invalid-dep=yes\n");
  for (const char* job : {"job-2", "job-3"}) {
    EXPECT_EQ(std::system(("sh -n '" + (folder / job).string() + "'").c_str()), 0);
    EXPECT_THAT(test::content_of(folder / job), testing::StartsWith("#!/bin/sh\n#SBATCH --"));
  }
}

TEST(ShellWord, IsWhatItWas) {
  for (const std::string text : {"plain", "", "a b", "it's", "$HOME `a` \"b\" \\", "-x", "a;b&c", "*?"}) {
    const test::TemporaryFolder folder;
    const std::string file = (folder / "said").string();
    ASSERT_EQ(std::system(("printf %s " + shell_word(text) + " > " + file).c_str()), 0) << text;
    EXPECT_EQ(test::content_of(file), text);
  }
}

}  // namespace
}  // namespace entrepot
