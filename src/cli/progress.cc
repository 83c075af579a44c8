#include "cli/progress.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "cli/app.h"
#include "os/terminal.h"

namespace sbx::cli {

using Phase = image::LayerStep::Phase;

static const char* words_for(Phase phase) {
    switch (phase) {
        case Phase::present: return "is here already";
        case Phase::waiting: return "is being fetched by another sbx";
        case Phase::fetching: return "fetching";
        case Phase::unpacking: return "unpacking";
        case Phase::done: return "done";
    }
    std::unreachable();
}

static std::string bar(const image::LayerStep& step, std::size_t width) {
    const std::size_t full =
        step.size == 0
            ? width
            : static_cast<std::size_t>(static_cast<double>(step.bytes) /
                                       static_cast<double>(step.size) * static_cast<double>(width));
    return "[" + std::string(std::min(full, width), '=') +
           std::string(width - std::min(full, width), ' ') + "]";
}

std::string progress_line(const image::LayerStep& step, std::size_t columns) {
    constexpr std::size_t kBar = 30;
    constexpr std::size_t kForBar = 80;
    std::string line = step.digest.short_hex() + "  ";
    const bool moves = step.phase == Phase::fetching || step.phase == Phase::unpacking;
    if (moves && columns > 0) {
        if (columns >= kForBar) line += bar(step, kBar) + "  ";
        line += fmt::format("{} / {}  ", size_text(step.bytes), size_text(step.size));
    } else if (step.size > 0) {
        line += size_text(step.size) + "  ";
    }
    line += words_for(step.phase);
    return columns > 0 ? line.substr(0, columns) : line;
}

static std::size_t terminal_columns() {
    const Result<os::WindowSize> size = os::window_size(os::FdView::number(2));
    return size && size->columns > 0 ? size->columns : 80;
}

void Progress::show(const image::LayerStep& step) {
    if (style_ == Style::none) return;
    const auto known = std::ranges::find(steps_, step.digest, &image::LayerStep::digest);
    const bool changed = known == steps_.end() || known->phase != step.phase;
    if (known == steps_.end())
        steps_.push_back(step);
    else
        *known = step;
    if (style_ == Style::plain && changed && step.phase != Phase::fetching)
        write_to_stderr(progress_line(step, 0) + "\n");
    const auto now = std::chrono::steady_clock::now();
    if (style_ != Style::bars || now < next_) return;
    next_ = now + std::chrono::milliseconds(80);
    draw();
}

// Over the lines drawn before. What does not fit on the terminal is left out, as it could not be
// drawn over again.
void Progress::draw() {
    constexpr std::size_t kMostLines = 20;
    const std::size_t columns = terminal_columns() - 1;
    std::string out = drawn_ > 0 ? fmt::format("\x1b[{}A", drawn_) : "";
    const std::size_t first = steps_.size() > kMostLines ? steps_.size() - kMostLines : 0;
    std::vector<const image::LayerStep*> shown;
    shown.reserve(steps_.size());
    for (const image::LayerStep& step : steps_)
        shown.push_back(&step);
    // What still moves is what one wants to see.
    std::ranges::stable_sort(shown, {}, [](const image::LayerStep* step) {
        return step->phase == Phase::present || step->phase == Phase::done ? 0 : 1;
    });
    for (std::size_t i = first; i < shown.size(); ++i)
        out += progress_line(*shown[i], columns) + "\x1b[K\n";
    drawn_ = shown.size() - first;
    write_to_stderr(out);
}

void Progress::done() {
    if (style_ == Style::bars && !steps_.empty()) draw();
    steps_.clear();
    drawn_ = 0;
}

}  // namespace sbx::cli
