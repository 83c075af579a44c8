// The options of whatever fetches images, and what they come to.
#pragma once

#include <optional>
#include <string>

#include "cli/app.h"
#include "cli/args.h"
#include "cli/progress.h"
#include "image/pull.h"

namespace sbx::cli {

// How to show what is on its way.
struct ProgressWords {
    std::string progress = {};  // auto, plain, none; empty for the configuration's word
    bool quiet = false;

    void declare(Args& args);
};

struct PullWords {
    std::string platform = {};
    std::string arch = {};
    std::string os = {};
    std::string variant = {};
    std::string authfile = {};
    std::optional<std::string> creds = {};
    std::string cert_dir = {};
    std::string tls_verify = {};
    int retry = 3;
    std::string retry_delay = "1s";
    ProgressWords progress = {};

    void declare(Args& args);
    bool names_platform() const {
        return !platform.empty() || !arch.empty() || !os.empty() || !variant.empty();
    }
    Result<image::PullOptions> options(const App& app) const;
};

// That what is here was taken, as the registry did not answer.
void warn_unreachable(const App& app, const image::Obtained& obtained);

// What fetching needs of this process: the poll loop and the progress it shows.
class PullWorkshop {
public:
    static Result<PullWorkshop> open(App& app, const ProgressWords& words);

    const image::Workshop& workshop() const { return *workshop_; }
    void done() { progress_->done(); }  // what is shown next begins below

private:
    PullWorkshop() = default;

    std::unique_ptr<os::Poll> poll_ = std::make_unique<os::Poll>();
    std::unique_ptr<Progress> progress_ = {};
    std::unique_ptr<image::Workshop> workshop_ = {};
};

}  // namespace sbx::cli
