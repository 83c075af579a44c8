#include "runtime/log_file.h"

#include "base/json.h"
#include "base/text.h"
#include "os/file.h"

namespace sbx::runtime {

Result<LogFile::Format> LogFile::parse_format(std::string_view name) {
    if (name == "text") return Format::text;
    if (name == "json") return Format::json;
    return Error(Error::Kind::usage, "--log-format {}: text or json belongs there", excerpt(name));
}

Result<LogFile> LogFile::open(std::string_view path, Format format) {
    for (const char* elsewhere : {"journald:", "syslog:"})
        if (path.starts_with(elsewhere))
            return Error(Error::Kind::unsupported, "--log {}: only files are written to",
                         excerpt(path));
    constexpr std::string_view kFile = "file:";
    const std::string file(path.starts_with(kFile) ? path.substr(kFile.size()) : path);
    return LogFile(TRY(os::open_to_append(file), "--log"), format);
}

std::string log_line(LogFile::Format format, log::Level level, std::string_view text,
                     Instant time) {
    const std::string seconds = rfc3339(std::chrono::floor<std::chrono::seconds>(time));
    if (format == LogFile::Format::text)
        return fmt::format("time=\"{}\" level={} msg={}\n", seconds, name_of(level),
                           Json(text).dump());
    return Json::object()
               .set("level", name_of(level))
               .set("msg", text)
               .set("time", seconds)
               .dump() +
           "\n";
}

void LogFile::write(log::Level level, std::string_view text, Instant time) const {
    (void)os::write_all(file_, log_line(format_, level, text, time));  // said so above
}

}  // namespace sbx::runtime
