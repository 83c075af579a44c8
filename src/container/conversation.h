// What a container's monitor and those who look on say to each other.
//
//      monitor                              client
//        | -- running (init, input) ------> |  has the container's end of its input from here on,
//        |                                  |  and its first process, to send signals to
//        | -- output, errors (bytes) -----> |  what the program writes, since the client came
//        | <--------- input ended --------- |  what it was started to read has come to its end
//        | -- ended N --------------------> |  recorded or removed by then
//        |                                  |  (closes: it has left, and the container runs on)
//        | -- failed (error) -------------> |  it could not be started
//
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "os/fd.h"
#include "os/socket.h"

namespace sbx::container {

enum class Word : char {
    running = 'r',  // its number: Greeting
    output = 'o',
    errors = 'e',
    input_ended = 'i',
    ended = 'x',  // its number: the exit code
    failed = 'f',
};

// Whether what the program reads and writes is a terminal.
enum class Greeting : std::uint8_t { streams = 0, terminal = 1 };

// The bytes of one word. A message holds at most os::kLargestMessage of them.
std::string encode(Word word, int number = 0);
std::string encode(Word word, std::string_view bytes);
std::string encode(const Error& error);

struct HeardWord {
    Word word;
    int number = 0;
    std::string bytes = {};
    std::vector<os::Fd> fds = {};
};

// The next one; nothing where the other side has closed. A `failed` comes back as its Error.
Result<std::optional<HeardWord>> hear_word(os::FdView socket);

}  // namespace sbx::container
