// Lists of things as people and scripts want them: a table, a template for each, or JSON.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "cli/app.h"
#include "cli/args.h"

namespace sbx::cli {

struct Column {
    std::string heading;
    std::string field;  // of a row
};

struct ListingOptions {
    std::string format = {};
    bool quiet = false;
    bool no_heading = false;
    bool no_trunc = false;

    // --format, -q, --noheading, --no-trunc; `no_heading_names` where "-n" is something else.
    void declare(Args& args, std::string_view no_heading_names = "-n,--noheading");
};

struct Listing {
    std::vector<Column> columns;
    std::string id_field;  // what -q shows
    std::vector<Json> rows = {};
    Json documents = Json::array();  // what --format json shows
};

Result<> show(const Listing& listing, const ListingOptions& options, App& app);

}  // namespace sbx::cli
