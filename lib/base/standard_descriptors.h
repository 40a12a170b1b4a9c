// The three standard descriptors, before anything else is opened.

#pragma once

namespace hail::base {

// Fills those that the caller has closed, so that no socket or file becomes stdin, stdout or stderr by
// accident. What fills one fails with EBADF when it is used.
void fill_standard_descriptors();

}  // namespace hail::base
