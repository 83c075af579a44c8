#include "cli/quadlet.h"

#include <map>

#include "base/text.h"
#include "cli/app.h"
#include "cli/quadlet_files.h"
#include "os/file.h"

namespace sbx::cli {

namespace {

// What systemd would take for one of `signs` means itself: '%' of a specifier, and in commands '$'
// of a variable.
std::string literal(std::string_view text, std::string_view signs = "%$") {
    std::string escaped;
    for (const char c : text) {
        if (signs.contains(c)) escaped += c;
        escaped += c;
    }
    return escaped;
}

// systemd's environment may lead to another store than this process's.
Result<quadlet::Caller> caller_of(const App& app) {
    quadlet::Caller caller{.program = TRY(os::read_link(os::FdView::cwd(), "/proc/self/exe"))};
    caller.program = literal(caller.program);
    if (!app.config().root.empty()) {
        caller.globals = {"--root", literal(app.config().root)};
        return caller;
    }
    for (const char* variable : {"XDG_DATA_HOME", "XDG_CONFIG_HOME"})
        if (const auto value = environment_variable(variable))
            caller.environment.push_back(fmt::format("{}={}", variable, literal(*value, "%")));
    return caller;
}

struct Quadlet : Command {
    bool dry = false;
    bool of_user = false;
    std::vector<std::string> folders;

    void declare(Args& args) override {
        args.flag("--dryrun", dry, "Print the services, and write nothing");
        args.flag("--user", of_user, "Accepted: services are a user's always");
        args.optional_operands("FOLDER", folders,
                               "Where the services go; two more, of systemd's, are left alone",
                               Complete::directories);
        args.example("sbx quadlet --dryrun", "What would become of the unit files");
        args.example("sbx quadlet ~/.local/share/systemd/user",
                     "Services for the systemd of a user; then: systemctl --user daemon-reload");
    }

    Result<int> run(App& app) override {
        if (folders.empty() && !dry)
            return Error(Error::Kind::usage, "name the folder for the services, or give --dryrun");
        if (folders.size() > 3)
            return Error(Error::Kind::usage, "there are more than three folders");
        const quadlet::Caller caller = TRY(caller_of(app));
        FoundUnits found = find_units(unit_folders());
        for (const Error& failure : found.failures)
            fail(failure);
        const quadlet::Units units(std::move(found.units));
        for (const quadlet::Unit& unit : units.all()) {
            Result<quadlet::Converted> converted = quadlet::convert(unit, units, caller);
            if (converted)
                take(unit, *std::move(converted));
            else
                fail(converted.error());
        }
        if (dry)
            print(app);
        else
            TRY(write_services(folders.front(), services_), "cannot write the services");
        return status_;
    }

private:
    // Others have their turn all the same.
    void fail(const Error& error) {
        App::complain(error);
        status_ = 125;
    }

    void take(const quadlet::Unit& unit, quadlet::Converted converted) {
        const auto [other, is_new] = makers_.emplace(converted.name, unit.file.path());
        if (is_new)
            services_.push_back(std::move(converted));
        else
            fail(Error(Error::Kind::usage, "{}: '{}' is made from {} already", unit.file.path(),
                       converted.name, other->second));
    }

    void print(App& app) const {
        for (const quadlet::Converted& service : services_) {
            app.print(fmt::format("---{}---", service.name));
            app.print_raw(printable_lines(service.text) + "\n");
            for (const quadlet::Link& link : service.links)
                app.print(fmt::format("link: {} -> {}", link.path, link.text));
        }
    }

    std::map<std::string, std::string> makers_;  // of each service, the unit file
    std::vector<quadlet::Converted> services_;
    int status_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_quadlet() { return std::make_unique<Quadlet>(); }

}  // namespace sbx::cli
