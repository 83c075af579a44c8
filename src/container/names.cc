#include "container/names.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include <fmt/core.h>

#include "os/random.h"

namespace sbx::container {

static constexpr auto kQualities = std::to_array<std::string_view>(
    {"agile",   "amber",    "ample",  "apt",    "azure",   "bold",   "brave",  "breezy", "bright",
     "brisk",   "calm",     "candid", "clever", "crisp",   "curly",  "dapper", "deft",   "eager",
     "earnest", "fair",     "fleet",  "fond",   "frank",   "fresh",  "gentle", "glad",   "golden",
     "grand",   "hardy",    "hasty",  "honest", "humble",  "jolly",  "keen",   "kind",   "lively",
     "lucid",   "lucky",    "mellow", "merry",  "mighty",  "mild",   "modest", "neat",   "nimble",
     "noble",   "patient",  "placid", "plucky", "polite",  "proud",  "quaint", "quick",  "quiet",
     "rapid",   "ready",    "royal",  "rustic", "sage",    "serene", "sharp",  "silent", "silver",
     "sleek",   "snug",     "solid",  "spry",   "steady",  "sturdy", "sunny",  "swift",  "tender",
     "tidy",    "tranquil", "trusty", "upbeat", "valiant", "velvet", "vivid",  "warm",   "whole",
     "wise",    "witty",    "young",  "zany",   "zesty"});

static constexpr auto kAnimals = std::to_array<std::string_view>(
    {"badger",  "beaver",   "bison",   "bobcat", "camel",   "cheetah", "civet",   "condor",
     "coyote",  "crane",    "cricket", "curlew", "dingo",   "dolphin", "eagle",   "egret",
     "falcon",  "ferret",   "finch",   "fox",    "gannet",  "gazelle", "gecko",   "gibbon",
     "grouse",  "hare",     "heron",   "hornet", "ibex",    "ibis",    "impala",  "jackal",
     "jaguar",  "jay",      "kestrel", "kiwi",   "koala",   "lapwing", "lark",    "lemur",
     "leopard", "linnet",   "llama",   "lynx",   "macaw",   "magpie",  "marmot",  "marten",
     "mole",    "moose",    "newt",    "ocelot", "okapi",   "oriole",  "osprey",  "otter",
     "owl",     "panther",  "pelican", "pigeon", "plover",  "puffin",  "puma",    "quail",
     "rabbit",  "raven",    "robin",   "salmon", "seal",    "shrew",   "skylark", "sparrow",
     "squid",   "starling", "stoat",   "stork",  "swallow", "swan",    "tapir",   "tern",
     "thrush",  "toucan",   "trout",   "turtle", "viper",   "vole",    "walrus",  "weasel",
     "wombat",  "yak",      "zebra"});

// Sorted, so that one that stands there twice is seen.
static_assert(std::ranges::adjacent_find(kQualities, std::ranges::greater_equal()) ==
              kQualities.end());
static_assert(std::ranges::adjacent_find(kAnimals, std::ranges::greater_equal()) == kAnimals.end());

std::string random_name() {
    return fmt::format("{}_{}", kQualities[os::random_below(kQualities.size())],
                       kAnimals[os::random_below(kAnimals.size())]);
}

}  // namespace sbx::container
