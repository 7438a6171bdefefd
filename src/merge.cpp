#include <fmt/format.h>

#include <memory>

#include "command.hpp"
#include "results/file_formats.hpp"
#include "study/sweep_shards.hpp"
#include "text/file_error.hpp"
#include "text/input_error.hpp"

namespace entrepot::program {

namespace {

/// The shards that a sweep's file joins, or those beside where it is to be.
std::unique_ptr<SweepShards> shards_of(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) {
    std::unique_ptr<SweepShards> shards = SweepShards::beside(file);
    if (!shards)
      throw InputError({}, file.string(),
                       fmt::format("there is no such file, and no shard of it ({}) either",
                                   part_file(file, {1, 2}).filename().string()));
    return shards;
  }
  const NetcdfReader reader(file);
  const std::optional<std::string> listed = reader.text_attribute("shard_files");
  if (reader.text_attribute("format") == kShardFormat)
    throw InputError({}, file.string(), "this is one shard; name the sweep's file, without .shard-I-of-N");
  if (!listed) {
    if (reader.text_attribute("format") == kSweepFormat) return nullptr;
    throw InputError({}, file.string(), "this is no file of a sweep, so it has no shards");
  }
  std::vector<std::filesystem::path> files;
  for (std::size_t at = 0; at <= listed->size();) {
    const std::size_t end = std::min(listed->find('\n', at), listed->size());
    files.push_back(file.parent_path() / listed->substr(at, end - at));
    at = end + 1;
  }
  return std::make_unique<SweepShards>(files);
}

int merge(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("output,o", options::value<std::string>()->value_name("FILE.h5"),
                        "the file to make; in place of the sweep's own by default")(
      "remove-shards", "remove the shards once the file stands")("quiet,q", "print nothing but errors")("help,h",
                                                                                                        "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"FILE.h5"}, values)) return kSuccess;
  const std::filesystem::path file = values["FILE.h5"].as<std::string>();
  const std::filesystem::path output = values.count("output") > 0 ? values["output"].as<std::string>() : file.string();
  std::unique_ptr<SweepShards> shards;
  read_results([&] { shards = shards_of(file); });
  const bool quiet = values.count("quiet") > 0;
  if (!shards) {
    if (output != file) throw InputError({}, "--output", fmt::format("{} is one file already; copy it", file.string()));
    if (!quiet) fmt::print("{} is one file already.\n", file.string());
    return kSuccess;
  }
  if (shards->missing() > 0)
    throw InputError(
        {}, file.string(),
        fmt::format("{} of {} rows are in none of the {} shards that are there; `entrepot sweep STUDY.toml "
                    "--shard I/N --resume` does those of part I",
                    shards->missing(), shards->order().rows(), shards->shards().size()));
  const ResultFileLock lock(output);
  read_results([&] { merge_shards(*shards, lock); });
  if (values.count("remove-shards") > 0) {
    std::error_code ignored;
    for (const SweepShards::Shard& shard : shards->shards()) std::filesystem::remove(shard.file, ignored);
  }
  if (!quiet) fmt::print("Written to {}, from {} shards.\n", output.string(), shards->shards().size());
  return kSuccess;
}

}  // namespace

const Command kMerge{"merge", "FILE.h5 [options]", "Make one file of a sweep's shards.",
                     "entrepot merge outputs/minsk-uncertainty.h5 --remove-shards", merge};

}  // namespace entrepot::program
