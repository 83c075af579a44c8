// The progress of a pull, on standard error: a bar for each layer on a terminal, a line for each
// event elsewhere.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "image/ingest.h"

namespace sbx::cli {

class Progress {
public:
    enum class Style : std::uint8_t { none, plain, bars };

    explicit Progress(Style style) : style_(style) {}
    ~Progress() { done(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void show(const image::LayerStep& step);
    void done();  // with these layers: the last state of the bars stays on the terminal

private:
    void draw();

    Style style_;
    std::vector<image::LayerStep> steps_ = {};
    std::size_t drawn_ = 0;  // lines on the terminal
    std::chrono::steady_clock::time_point next_ = {};
};

// One line of it, with a bar where there is room: "3f4a0b1c2d3e  12.3 MB / 40 MB  fetching". With 0
// columns a line of a log, without what only makes sense while it moves.
std::string progress_line(const image::LayerStep& step, std::size_t columns);

}  // namespace sbx::cli
