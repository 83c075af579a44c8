#include "archive/pax.h"

#include <charconv>

#include "base/text.h"

namespace sbx::archive {

namespace {

struct Record {
    std::string_view key;
    std::string_view value;
};

}  // namespace

static Error error_in(const Record& record, std::string_view why) {
    return Error(Error::Kind::failed, "its pax record '{}={}' {}", excerpt(record.key),
                 excerpt(record.value), why);
}

static Error malformed(std::string_view records) {
    return Error(Error::Kind::failed, "its pax header is malformed at '{}'", excerpt(records, 40));
}

// "27 path=some/long/name\n": the length counts all of it.
static Result<Record> take_record(std::string_view& records) {
    std::size_t length = 0;
    const char* const end = records.data() + records.size();
    const auto [rest, failure] =
        std::from_chars(records.data(), records.data() + records.size(), length);
    const bool counted = failure == std::errc{} && rest != end && *rest == ' ';
    if (!counted || length > records.size() || records.data() + length <= rest + 1 ||
        records[length - 1] != '\n')
        return malformed(records);
    const std::string_view text(rest + 1, records.data() + length - 1);
    const std::optional<Halves> parts = halves(text, '=');
    if (!parts || parts->before.empty() || parts->before.contains('\0')) return malformed(records);
    records.remove_prefix(length);
    return Record{.key = parts->before, .value = parts->after};
}

static Result<std::uint64_t> number_of(const Record& record, std::uint64_t most) {
    std::uint64_t value = 0;
    const std::string_view text = record.value;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || rest != text.data() + text.size() || value > most)
        return error_in(record, fmt::format("is not a number from 0 to {}", most));
    return value;
}

// "1350244992.023960108", "-1.5": a fraction counts away from zero, a timespec's forward.
static std::optional<Moment> moment_in(std::string_view text) {
    Moment moment;
    const char* const end = text.data() + text.size();
    const auto [rest, failure] =
        std::from_chars(text.data(), text.data() + text.size(), moment.seconds);
    if (failure != std::errc{}) return std::nullopt;
    if (rest == end) return moment;
    const std::string_view fraction(rest + 1, end);
    if (*rest != '.' || fraction.find_first_not_of("0123456789") != fraction.npos)
        return std::nullopt;
    constexpr std::uint32_t kSecond = 1'000'000'000;
    std::uint32_t unit = kSecond;
    for (const char digit : fraction.substr(0, 9))
        moment.nanoseconds += static_cast<std::uint32_t>(digit - '0') * (unit /= 10);
    if (text.starts_with('-') && moment.nanoseconds != 0) {
        moment.seconds -= 1;
        moment.nanoseconds = kSecond - moment.nanoseconds;
    }
    return moment;
}

static Result<Moment> moment_of(const Record& record) {
    const std::optional<Moment> moment = moment_in(record.value);
    if (!moment || moment->seconds < kEarliest || moment->seconds > kLatest)
        return error_in(record, "is not a time in the years 0 to 9999");
    return *moment;
}

static Result<std::string> name_of(const Record& record) {
    if (record.value.contains('\0')) return error_in(record, "contains a NUL byte");
    return std::string(record.value);
}

// An empty value unsets what an earlier record said.
template <class T>
static Result<> assign(std::optional<T>& to, const Record& record, Result<T> value) {
    if (record.value.empty())
        to.reset();
    else
        to = TRY(std::move(value));
    return {};
}

static Result<> assign_id(std::optional<std::uint32_t>& to, const Record& record) {
    if (record.value.empty())
        to.reset();
    else
        to = static_cast<std::uint32_t>(TRY(number_of(record, kGreatestId)));
    return {};
}

static void assign_attribute(PaxValues& values, std::string_view name, std::string_view value) {
    std::erase_if(values.attributes, [&](const auto& one) { return one.first == name; });
    if (!name.empty()) values.attributes.emplace_back(name, value);
}

static Result<> apply(PaxValues& values, const Record& record) {
    constexpr std::string_view kAttribute = "SCHILY.xattr.";
    const std::string_view key = record.key;
    if (key.starts_with(kAttribute)) {
        assign_attribute(values, key.substr(kAttribute.size()), record.value);
        return {};
    }
    if (key == "path") return assign(values.path, record, name_of(record));
    if (key == "linkpath") return assign(values.target, record, name_of(record));
    if (key == "size") return assign(values.size, record, number_of(record, INT64_MAX));
    if (key == "uid") return assign_id(values.uid, record);
    if (key == "gid") return assign_id(values.gid, record);
    if (key == "mtime") return assign(values.modified, record, moment_of(record));
    if (key == "GNU.sparse.name") return assign(values.sparse_path, record, name_of(record));
    if (key == "GNU.sparse.size" || key == "GNU.sparse.realsize")
        return assign(values.sparse_size, record, number_of(record, INT64_MAX));
    if (key == "GNU.sparse.major") return assign(values.sparse_major, record, number_of(record, 1));
    if (key == "GNU.sparse.minor") return assign(values.sparse_minor, record, number_of(record, 1));
    return {};
}

Result<PaxValues> parse_pax(std::string_view records) {
    PaxValues values;
    while (!records.empty()) {
        const Record record = TRY(take_record(records));
        TRY(apply(values, record));
    }
    if (values.sparse_major == 1 && values.sparse_minor == 1)
        return Error(Error::Kind::unsupported, "it is sparse in a way that GNU tar's is not");
    return values;
}

}  // namespace sbx::archive
