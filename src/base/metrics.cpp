#include "base/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>

#include "base/check.h"

namespace ringbook {
namespace {

std::string escaped(std::string_view text, bool escape_quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || (c == '"' && escape_quotes)) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

// The labels as they stand between braces; also what tells one series of a family from another.
std::string series_of(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    fmt::format_to(std::back_inserter(out), "{}{}=\"{}\"", out.empty() ? "" : ",", name,
                   escaped(value, true));
  }
  return out;
}

template <class Value>
void append_sample(std::string& out, std::string_view name, std::string_view series, Value value) {
  out += name;
  if (!series.empty()) {
    fmt::format_to(std::back_inserter(out), "{{{}}}", series);
  }
  fmt::format_to(std::back_inserter(out), " {}\n", value);
}

template <class Metric, class... Arguments>
Metric& declared(std::map<std::string, std::unique_ptr<Metric>>& all, const Labels& labels,
                 Arguments... arguments) {
  auto& metric = all[series_of(labels)];
  if (!metric) {
    metric = std::make_unique<Metric>(arguments...);
  }
  return *metric;
}

}  // namespace

Histogram::Histogram(std::span<const double> bounds)
    : bounds_(bounds.begin(), bounds.end()), counts_(bounds.size() + 1) {
  check(std::ranges::adjacent_find(bounds_, std::greater_equal{}) == bounds_.end(),
        "the bounds of a histogram ascend");
}

void Histogram::observe(double value) {
  const auto bucket = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

Metrics::Family& Metrics::family(std::string_view name, std::string_view help,
                                 std::string_view type) {
  Family& found = families_.try_emplace(std::string(name)).first->second;
  if (found.type.empty()) {
    found.help = help;
    found.type = type;
  }
  check(found.type == type, "a metric has one type");
  return found;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, const Labels& labels) {
  return declared(family(name, help, "counter").counters, labels);
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, const Labels& labels) {
  return declared(family(name, help, "gauge").gauges, labels);
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help,
                              std::span<const double> bounds, const Labels& labels) {
  return declared(family(name, help, "histogram").histograms, labels, bounds);
}

void Metrics::show(FigureKind kind, std::string_view name, std::string_view help, double value,
                   const Labels& labels) {
  const std::string_view type = kind == FigureKind::counter ? "counter" : "gauge";
  family(name, help, type).shown[series_of(labels)] = value;
}

std::string Metrics::render() const {
  std::string out;
  for (const auto& [name, family] : families_) {
    fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name,
                   escaped(family.help, false), name, family.type);
    for (const auto& [series, counter] : family.counters) {
      append_sample(out, name, series, counter->value());
    }
    for (const auto& [series, gauge] : family.gauges) {
      append_sample(out, name, series, gauge->value());
    }
    for (const auto& [series, value] : family.shown) {
      append_sample(out, name, series, value);
    }
    for (const auto& [series, histogram] : family.histograms) {
      const std::string prefix = series.empty() ? "" : series + ",";
      std::uint64_t total = 0;
      for (std::size_t i = 0; i < histogram->counts_.size(); ++i) {
        total += histogram->counts_[i].load(std::memory_order_relaxed);
        const std::string bound =
            i < histogram->bounds_.size() ? fmt::format("{}", histogram->bounds_[i]) : "+Inf";
        append_sample(out, name + "_bucket", fmt::format("{}le=\"{}\"", prefix, bound), total);
      }
      append_sample(out, name + "_sum", series, histogram->sum_.load(std::memory_order_relaxed));
      append_sample(out, name + "_count", series, total);
    }
  }
  return out;
}

}  // namespace ringbook
