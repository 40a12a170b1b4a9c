#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/input/files.h"

// The params of a JSON-RPC call, from the words of a command line or of a batch line.
//
//   WORD         by position: the JSON that it is, else a string
//   =text        by position: a string, "=@file" the text of a file
//   :=json       by position: JSON, ":=@file" that of a file
//   name=text    by name, "name=@file";  name:=json  by name, "name:=@file"
//
// A name is a word (letters, digits, _ $ . - and no digit, point or dash in front), then perhaps [..] segments of the
// path grammar, so "http://h/?a=b" and "1=2" are strings by position. JSON comes first: {"a":"x=y"} is JSON.
// "\@" after the '=' is a plain '@'. "name==..." is refused because base64 text looks like it.
//
// Shape:   the raw JSON text of params, an array or an object; "" for none.
// Throws:  Error(usage) with the param's number, the word and the mend; Error(no_input) for files.
// Source:  JSON-RPC 2.0, section 4.2; hail-rpc(1), PARAMS.

namespace hail::cli::input {

std::string params_of(std::span<const std::string> words, Files& files);

// What --params takes: JSON, @file or @- for all of params.
std::string whole_params(std::string_view given, Files& files);

}  // namespace hail::cli::input
