// What the one who downloads layers and the processes that unpack them say to each other.
//
//      caller                     foreman                       worker (one per layer)
//        | ---- unpack: number, name, size, limits ---> |
//        |      with the blob, an eventfd of arrivals,  |
//        |      and one end of a socket for the answer  | -- starts when a core is free --> |
//        | ---- more has arrived (through the eventfd) -------------------------------------> |
//        | <--- unpacked, or an Error (through the socket) ---------------------------------- |
//        | ---- abandon: number ----------------------> | -- kills it, closes the socket
//
// A worker that ends without an answer is answered for by the foreman.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "image/apply_layer.h"
#include "oci/digest.h"

namespace sbx::image {

struct Unpacked {
    oci::Digest diff_id;       // of the whole uncompressed archive, padding included
    std::uint64_t bytes = 0;   // of content, without holes
    bool hides_below = false;  // AppliedLayer's
};

struct UnpackRequest {
    enum class Verb : std::uint8_t { unpack, abandon };

    Verb verb = Verb::unpack;
    std::uint32_t number = 0;
    std::string name = {};
    std::uint64_t size = 0;
    LayerLimits limits = {};
};

std::string pack(const UnpackRequest& request);
Result<UnpackRequest> parse_request(std::string_view bytes);

std::string pack(const Result<Unpacked>& answer);

// Nothing but a well-formed answer or an Error comes out, whoever wrote it: a layer may have taken
// its worker over.
Result<Unpacked> parse_answer(std::string_view bytes);

}  // namespace sbx::image
