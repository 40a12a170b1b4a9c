// Fills missing standard descriptors, before anything else is opened.

#pragma once

namespace hail::base {

// Fills those that the caller has closed, so that no socket or file becomes stdin, stdout or stderr by
// accident. Any use of a descriptor filled in this way fails with EBADF.
void fill_standard_descriptors();

}  // namespace hail::base
