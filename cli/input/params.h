// The params of a JSON-RPC call, from the words of a command line or of a batch line.
//
//   WORD         by position: JSON if it is valid JSON, otherwise a string
//   =text        by position: a string; "=@file" is the text of a file
//   :=json       by position: JSON; ":=@file" is the JSON of a file
//   name=text    by name, also "name=@file";  name:=json  by name, also "name:=@file"
//
// A name is a word (letters, digits, _ $ . - but no digit, point or dash at the front), then perhaps [..]
// segments of the path grammar; so "http://h/?a=b" and "1=2" are strings by position. JSON takes precedence:
// {"a":"x=y"} is JSON. "\@" after the '=' is an ordinary '@'. "name==..." is rejected because base64 text
// looks like it.
//
// Shape:   the raw JSON text of params, an array or an object; "" for no params.
// Throws:  Error(usage) with the param's number, the word and a hint; Error(no_input) for files.
// Source:  JSON-RPC 2.0, section 4.2; hail-rpc(1), PARAMETERS.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/input/files.h"

namespace hail::cli::input {

std::string params_of(std::span<const std::string> words, Files& files);

// A sentence about each bare word that begins like JSON but is not valid: it is passed as text, perhaps by
// mistake.
std::vector<std::string> doubts_about(std::span<const std::string> words);

// The members beside the params, name=TEXT or name:=JSON as one object; empty without words.
std::string members_of(std::span<const std::string> words, Files& files);

// The value of --params: all params as JSON, or @file or @- to read them.
std::string whole_params(std::string_view given, Files& files);

}  // namespace hail::cli::input
