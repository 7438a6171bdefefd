#pragma once

namespace entrepot {

/// "0.1.0", from the build file.
const char* program_version() noexcept;

/// The commit the program was built from, hexadecimal, with "-modified" where tracked files differed from it;
/// "unknown" where the sources are not a git checkout.
const char* git_commit() noexcept;

}  // namespace entrepot
