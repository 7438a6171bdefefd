#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <sys/stat.h>

#include <random>

#include "program.hpp"

// Damaged and foreign files: a sentence and status 2, never a crash.

namespace entrepot::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;

class ResultFileOf : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    place_ = new Workplace;
    ASSERT_EQ(place_->run({"run", copy_of_nafta(*place_), "-q", "-o", "good.h5"}).status, 0);
  }
  static void TearDownTestSuite() { delete place_; }
  static const Workplace& place() { return *place_; }

  /// `show` and `compare` refuse the file.
  static void expect_refused(const std::string& name, const std::string& sentence) {
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"show", name}, {"compare", "good.h5", name}}) {
      const Ended ended = place().run(arguments);
      EXPECT_EQ(ended.status, 2) << arguments[0] << ' ' << name << ": signal " << ended.signal;
      EXPECT_THAT(ended.err, HasSubstr(name + ": " + sentence));
      EXPECT_THAT(ended.out, IsEmpty());
    }
  }
  static std::string good() { return content_of(place() / "good.h5"); }

 private:
  static inline Workplace* place_ = nullptr;
};

TEST_F(ResultFileOf, NoBytes) {
  write(place() / "empty.h5", "");
  expect_refused("empty.h5", "this file is empty");
}

TEST_F(ResultFileOf, FewerBytesThanWereWritten) {
  for (const std::size_t length : {std::size_t{4}, std::size_t{8}, std::size_t{100}, good().size() / 2}) {
    write(place() / "cut.h5", good().substr(0, length));
    expect_refused("cut.h5", "this file was cut short or is damaged");
  }
}

TEST_F(ResultFileOf, FlippedBits) {
  const std::string whole = good();
  std::mt19937 random(7);
  for (int k = 0; k < 40; ++k) {
    std::string damaged = whole;
    const std::size_t place_in_file = random() % damaged.size();
    damaged[place_in_file] = static_cast<char>(damaged[place_in_file] ^ (1 << random() % 8));
    write(place() / "flipped.h5", damaged);
    const Ended ended = place().run({"show", "flipped.h5"});
    // A flip in the words before the checksum makes it a file without one, which is read as it is.
    EXPECT_THAT(ended.status, AnyOf(0, 2)) << "byte " << place_in_file << ", signal " << ended.signal;
    if (place_in_file < damaged.size() - 24) {
      EXPECT_EQ(ended.status, 2) << "byte " << place_in_file;
    }
  }
}

TEST_F(ResultFileOf, AnotherProgram) {
  const hid_t file = H5Fcreate((place() / "other.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  H5Fclose(file);
  expect_refused("other.h5", "this netCDF file was not written by entrepot, so it holds no results");
  write(place() / "text.h5", "not HDF5");
  expect_refused("text.h5", "this is not a netCDF-4 (HDF5) file, so it holds no results");
  ASSERT_EQ(::mkfifo((place() / "pipe.h5").c_str(), 0600), 0);
  expect_refused("pipe.h5", "this is a pipe or device, not a file");
}

/// Takes a variable out of a copy of the good file, and its checksum with it, as another program would.
void copy_without(const Workplace& place, const std::string& variable) {
  std::string content = content_of(place / "good.h5");
  write(place / "less.h5", content.substr(0, content.size() - 24));
  const hid_t file = H5Fopen((place / "less.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  ASSERT_GE(H5Ldelete(file, variable.c_str(), H5P_DEFAULT), 0);
  H5Fclose(file);
}

TEST_F(ResultFileOf, ADimensionLess) {
  copy_without(place(), "country");
  expect_refused("less.h5", "there is no variable 'country'");
  copy_without(place(), "importer");
  const Ended ended = place().run({"show", "less.h5", "trade"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("less.h5: a dimension of 'trade' has no labels"));
}

TEST_F(ResultFileOf, NamesThatDoNotFitTheirCodes) {
  copy_without(place(), "country_name");
  const hid_t file = H5Fopen((place() / "less.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hsize_t two = 2;
  const hid_t space = H5Screate_simple(1, &two, nullptr), text = H5Tcopy(H5T_C_S1);
  H5Tset_size(text, H5T_VARIABLE);
  H5Dclose(H5Dcreate2(file, "country_name", text, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  H5Tclose(text);
  H5Sclose(space);
  H5Fclose(file);
  expect_refused("less.h5", "'country' and 'country_name' have different sizes: the file is damaged");
}

TEST_F(ResultFileOf, AVariableThatSomeoneAdded) {
  write(place() / "more.h5", good().substr(0, good().size() - 24));
  const hid_t file = H5Fopen((place() / "more.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hsize_t shape[2] = {31, 31};
  const hid_t space = H5Screate_simple(2, shape, nullptr);
  const hid_t mine = H5Dcreate2(file, "mine", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  for (const unsigned dimension : {0u, 1u}) {
    const hid_t scale = H5Dopen2(file, dimension == 0 ? "exporter" : "importer", H5P_DEFAULT);
    H5DSattach_scale(mine, scale, dimension);
    H5Dclose(scale);
  }
  H5Dclose(mine);
  H5Sclose(space);
  H5Fclose(file);
  const Ended ended = place().run({"show", "more.h5", "mine", "--country", "MEX"});
  EXPECT_EQ(ended.status, 0) << ended.err << ended.signal;
  EXPECT_THAT(ended.out, HasSubstr("exporter  importer"));
}

TEST_F(ResultFileOf, OptionsThatNeedAVariable) {
  for (const char* option : {"--by", "--sector"}) {
    const Ended ended = place().run({"show", "good.h5", option, "food"});
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err, HasSubstr("this goes with one variable"));
  }
}

TEST_F(ResultFileOf, MisspeltNames) {
  const auto error = [](std::vector<std::string> arguments) {
    const Ended ended = place().run(arguments);
    EXPECT_EQ(ended.status, 2);
    return ended.err;
  };
  EXPECT_THAT(error({"show", "good.h5", "welfar"}), HasSubstr("did you mean 'welfare'?"));
  EXPECT_THAT(error({"show", "good.h5", "--country", "MXE"}), HasSubstr("did you mean 'MEX'?"));
  EXPECT_THAT(error({"show", "good.h5", "trade", "--sector", "fod"}), HasSubstr("did you mean 'food'?"));
  EXPECT_THAT(error({"show", "good.h5", "trade", "--by", "sectr"}), HasSubstr("did you mean 'sector'?"));
  EXPECT_THAT(error({"show", "good.h5", "--top", "0"}), HasSubstr("--top: 0 rows are no table"));
  EXPECT_THAT(error({"compare", "good.h5", "--measure", "welfar"}), HasSubstr("did you mean 'welfare'?"));
}

/// A scenario with some bytes changed, left out or doubled.
std::string mutated(std::string text, std::mt19937& random) {
  static const std::string kMarks = "\"'[]{}=.,#\n\t -+0e\\\xff";
  for (std::size_t changes = 1 + random() % 6; changes > 0; --changes) {
    const std::size_t at = random() % text.size();
    switch (random() % 4) {
      case 0:
        text[at] = kMarks[random() % kMarks.size()];
        break;
      case 1:
        text[at] = static_cast<char>(random() % 256);
        break;
      case 2:
        text.erase(at, 1 + random() % 30);
        break;
      default:
        text.insert(at, text.substr(random() % text.size(), 10));
    }
  }
  return text;
}

TEST(ScenarioFile, WithRandomMutationsIsCheckedOrRefused) {
  const Workplace place;
  copy_of_nafta(place);
  const std::string scenario = content_of(place / "nafta.toml");
  std::mt19937 random(11);
  for (int k = 0; k < 100; ++k) {
    write(place / "odd.toml", mutated(scenario, random));
    const Ended ended = place.run({"check", "odd.toml"});
    EXPECT_THAT(ended.status, AnyOf(0, 2)) << "mutation " << k << ", signal " << ended.signal;
    EXPECT_EQ(ended.err.empty(), ended.status == 0);
  }
}

TEST(ScenarioFile, MayHaveAByteOrderMarkAndWindowsLineEnds) {
  const Workplace place;
  copy_of_nafta(place);
  std::string windows = "\xef\xbb\xbf";
  for (const char c : content_of(place / "nafta.toml")) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  write(place / "windows.toml", windows);
  const Ended ended = place.run({"check", "windows.toml"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, place.run({"check", "nafta.toml"}).out);
}

TEST(ScenarioFile, MayBeHuge) {
  const Workplace place;
  std::string scenario = "baseline = 'cp2015-nafta'\nnotes = [\n";
  for (int k = 0; k < 200000; ++k) scenario += "  \"a note of many\",\n";
  write(place / "huge.toml", scenario + "]\n");
  EXPECT_EQ(place.run({"check", "huge.toml"}).status, 0);
}

}  // namespace
}  // namespace entrepot::test
