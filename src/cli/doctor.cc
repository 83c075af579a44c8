#include "cli/doctor.h"

#include <algorithm>

#include "cli/app.h"
#include "sandbox/checkup.h"

namespace sbx::cli {

namespace {

using Verdict = sandbox::Finding::Verdict;

struct Doctor : Command {
    bool quiet = false;

    void declare(Args& args) override {
        args.flag("-q,--quiet", quiet, "Show only what is not as it could be");
        args.example("sbx doctor", "What this machine lacks, and the commands that mend it");
    }

    Result<int> run(App& app) override {
        if (const std::optional<Error>& mistake = app.mistake())
            tell(app, unreadable_configuration(*mistake));
        const store::Store* store = TRY(app.store());
        (void)TRY(app.host());  // a configured driver that there is not is an error here, too
        const sandbox::Host host = TRY(sandbox::find_host_anew(
            {.cache = store->runtime(), .layers = store->places().data + "/layers"}));
        const std::vector<sandbox::Finding> findings = sandbox::check_up(host);
        for (const sandbox::Finding& finding : findings)
            if (!quiet || finding.verdict != Verdict::good) tell(app, finding);
        const bool able =
            !app.mistake() && std::ranges::none_of(findings, [](const sandbox::Finding& finding) {
                return finding.verdict == Verdict::missing;
            });
        app.print(able ? "Containers can be run here." : "Containers cannot be run here.");
        return able ? 0 : 1;
    }

    static sandbox::Finding unreadable_configuration(const Error& why) {
        return {.subject = "configuration",
                .verdict = Verdict::missing,
                .found = why.text(),
                .mend = why.hint()};
    }

    static void tell(App& app, const sandbox::Finding& finding) {
        const char* sign = finding.verdict == Verdict::good   ? "ok     "
                           : finding.verdict == Verdict::less ? "less   "
                                                              : "missing";
        app.print(fmt::format("{} {:<20} {}", sign, finding.subject, finding.found));
        if (!finding.mend.empty()) app.print(fmt::format("        mend: {}", finding.mend));
        if (!finding.keep.empty()) app.print(fmt::format("        keep: {}", finding.keep));
    }
};

}  // namespace

std::unique_ptr<Command> make_doctor() { return std::make_unique<Doctor>(); }

}  // namespace sbx::cli
