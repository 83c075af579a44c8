#include "cli/listing.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "cli/template.h"

namespace sbx::cli {

using Row = std::vector<std::string>;

void ListingOptions::declare(Args& args, std::string_view no_heading_names) {
    args.option("--format", "TEMPLATE", format,
                "Show each by a Go template, \"table TEMPLATE\", or all as \"json\"");
    args.flag("-q,--quiet", quiet, "Show ids only");
    args.flag(no_heading_names, no_heading, "Do not show the headings of the table");
    args.flag("--no-trunc", no_trunc, "Do not shorten ids and commands");
}

static std::string aligned(const std::vector<Row>& rows) {
    constexpr std::size_t kGap = 2;
    std::vector<std::size_t> widths;
    for (const Row& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (widths.size() == i) widths.push_back(0);
            widths[i] = std::max(widths[i], utf8::width(row[i]));
        }
    std::string out;
    for (const Row& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line.append(widths[i] + kGap - utf8::width(row[i]), ' ');
        }
        out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return out;
}

static std::string cell(const Json& row, const std::string& field) {
    const Json& value = row[field];
    const std::string* text = value.as_string();
    return printable(text ? *text : value.is_null() ? "" : value.dump());
}

static Row cells_of(const std::string& line) {
    Row cells;
    for (const std::string_view part : split(line, '\t'))
        cells.push_back(printable(part));
    return cells;
}

// Of a field that is no column: its name in capitals, a word for each of its parts, as podman's.
static std::string heading_of(std::string_view part) {
    const std::size_t dot = part.find('.');
    if (dot == part.npos) return {};
    std::string heading;
    for (std::size_t i = dot + 1; i < part.size(); ++i) {
        const char c = part[i];
        const bool capital = c >= 'A' && c <= 'Z';
        const bool small = c >= 'a' && c <= 'z';
        if (!capital && !small) break;
        if (capital && i > dot + 1 && part[i - 1] >= 'a') heading += ' ';
        heading += small ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return heading;
}

// "{{.ID}}\t{{.Names}}" has the headings of the fields it names.
static std::string headings_for(std::string_view format, const std::vector<Column>& columns) {
    std::vector<std::string> headings;
    for (const std::string_view part : split(format, '\t')) {
        std::string heading = heading_of(part);
        for (const Column& column : columns)
            if (part.contains("." + column.field)) heading = column.heading;
        headings.push_back(std::move(heading));
    }
    return join(headings, "\t");
}

static Result<std::string> by_template(std::string_view format, const Listing& listing) {
    const Template parsed = TRY(Template::parse(format));
    std::string out;
    for (const Json& row : listing.rows)
        out += printable_lines(TRY(parsed.execute(row))) + "\n";
    return out;
}

static Result<std::string> by_table_template(std::string format, const Listing& listing,
                                             const ListingOptions& options) {
    for (std::size_t at = 0; (at = format.find("\\t", at)) != format.npos;)
        format.replace(at, 2, "\t");
    const Template parsed = TRY(Template::parse(format));
    std::vector<Row> rows;
    if (!options.no_heading) rows.push_back(cells_of(headings_for(format, listing.columns)));
    for (const Json& row : listing.rows)
        rows.push_back(cells_of(TRY(parsed.execute(row))));
    return aligned(rows);
}

static std::string as_table(const Listing& listing, const ListingOptions& options) {
    std::vector<Row> rows;
    Row headings;
    for (const Column& column : listing.columns)
        headings.push_back(column.heading);
    if (!options.no_heading) rows.push_back(std::move(headings));
    for (const Json& row : listing.rows) {
        Row cells;
        for (const Column& column : listing.columns)
            cells.push_back(cell(row, column.field));
        rows.push_back(std::move(cells));
    }
    return aligned(rows);
}

static Result<std::string> render(const Listing& listing, const ListingOptions& options) {
    constexpr std::string_view kTable = "table ";
    if (options.quiet) {
        std::string out;
        for (const Json& row : listing.rows)
            out += cell(row, listing.id_field) + "\n";
        return out;
    }
    if (options.format == "json") return listing.documents.dump(Json::Layout::indented) + "\n";
    if (options.format.starts_with(kTable))
        return by_table_template(options.format.substr(kTable.size()), listing, options);
    if (!options.format.empty() && options.format != "table")
        return by_template(options.format, listing);
    return as_table(listing, options);
}

Result<> show(const Listing& listing, const ListingOptions& options, App& app) {
    app.print_raw(TRY(render(listing, options)));
    return {};
}

}  // namespace sbx::cli
