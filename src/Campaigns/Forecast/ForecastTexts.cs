using System.Globalization;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Forecast;

/// <summary>The basis and assumptions of a forecast, in sentences.</summary>
internal static class ForecastTexts
{
    public static string Basis(ForecastRequest request)
    {
        if (request.OfTests)
        {
            var times = request.Samples.Select(sample => sample.Duration).Order().ToList();
            var on = request.Samples.Select(sample => sample.Host).Distinct(StringComparer.OrdinalIgnoreCase).Count();
            return Text($"{times.Count} measured tests on {on} hosts: {Duration(times[0])} to {Duration(times[^1])}, median {Duration(times[times.Count / 2])}.");
        }

        if (request.OfCopies)
        {
            var measured = request.Samples.Select(sample => sample.BytesPerSecond).Order().ToList();
            return Text($"{measured.Count} machines that were {(request.Spec.Strategy == Spec.Strategy.Auto ? "brought in step or home" : "brought in step")}: {SizeText.Write((long)measured[0])}/s to {SizeText.Write((long)measured[^1])}/s of disk size. Outages take {Duration(request.Outage ?? VirtualAgents.Outage)}{(request.Outage is null ? ", as assumed" : ", as measured")}, and are approved as soon as their wave runs.");
        }

        if (request.Spec.PlannedDrill is not null)
        {
            return "The time of two outages and of what is left running between them, which do not depend on the machines' disks: a single time has no spread, so p90 equals p50.";
        }

        if (request.Spec.TestFailover is not null)
        {
            return "The time of a test, which does not depend on the machine's disks: a single time has no spread, so p90 equals p50.";
        }

        if (request.Assumptions.Rate is { } rate)
        {
            var setAside = request.Samples.Count == 0 ? string.Empty : Text($" {request.Samples.Count} measured rates were set aside for it.");
            return rate.High > rate.Low
                ? $"An assumed rate from {RateText.Write(rate.Low)} to {RateText.Write(rate.High)} of disk size, the same for all machines.{setAside}"
                : $"One assumed rate, {RateText.Write(rate.Low)} of disk size: a single rate has no spread, so p90 equals p50.{setAside}";
        }

        var rates = request.Samples.Select(sample => sample.BytesPerSecond).Order().ToList();
        var hosts = request.Samples.Select(sample => sample.Host).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        return Text($"{rates.Count} measured failbacks on {hosts} hosts: {RateText.Write(rates[0])} to {RateText.Write(rates[^1])} of disk size, median {RateText.Write(rates[rates.Count / 2])}.");
    }

    public static IReadOnlyList<string> Assumed(ForecastRequest request)
    {
        var (spec, assumptions) = (request.Spec, request.Assumptions);
        var assumed = new List<string> { "Every failback succeeds at its first attempt, and every host stays reachable." };
        var unknown = assumptions.DiskBytes is null ? 0 : request.Plan.Items.Count(item => item.DiskBytes <= 0);
        if (unknown > 0)
        {
            assumed.Add(Text($"{unknown} machines of unknown disk size have {SizeText.Write(assumptions.DiskBytes!.Value)} each."));
        }

        if (spec.Waves.SkipLast(1).Any(wave => wave.Gate is { Approvers.Count: > 0 }))
        {
            assumed.Add("Approvals are given as soon as they are due.");
        }

        if (spec.HostToHost is { Goal: Spec.PairGoal.Home } hostToHost)
        {
            assumed.Add(spec.PlannedDrill is { Soak: var soak }
                ? Text($"Each service is down twice for {Duration(VirtualAgents.Outage)}, on its way there and on its way back, with {Duration(soak)} at the recovery site between: its guest shuts down, the last changes go over, and it starts at the other side.")
                : Text($"Each service is down for {Duration(VirtualAgents.Outage)}: its guest shuts down, the last changes go over, and it starts at home."));
            if (hostToHost.Rehearse)
            {
                assumed.Add(Text($"Each machine is rehearsed {(spec.PlannedDrill is null ? "at home before it rests in step" : "where it goes before each outage")}, for {Duration(VirtualAgents.Test)}; production goes on meanwhile."));
            }

            if (spec.Waves.Any(wave => !(wave.Outage ?? hostToHost.Outage).Automatic))
            {
                assumed.Add("Outages are approved as soon as their wave runs, and no machine is held for a person.");
            }
        }

        if (spec.TestFailover is { } test)
        {
            assumed[0] = "Every test passes at its first attempt, and every host stays reachable.";
            assumed.Add(Text($"Each test takes {Duration(VirtualAgents.Test + test.Soak)}: the test machine is made, starts and answers, {(test.Soak > TimeSpan.Zero ? Text($"is left running for {Duration(test.Soak)}, ") : "")}and is removed."));
        }

        if (spec.Readiness.Required)
        {
            assumed.Add("Every machine is found ready at once.");
        }

        if (spec.Window is { OnClose: Spec.WindowCloseAction.Pause })
        {
            assumed.Add("A person resumes the campaign as soon as the window opens again.");
        }

        assumed.AddRange(assumptions.Links.Select(link => link.Site.Length == 0 && link.PrimarySite.Length == 0
            ? $"Each link carries {RateText.Write(link.BytesPerSecond)}, counted against whole disks: how much of a disk has changed is not known."
            : $"The link {link.Site} → {link.PrimarySite} carries {RateText.Write(link.BytesPerSecond)}, counted against whole disks: how much of a disk has changed is not known."));
        return assumed;
    }

    public static string Stuck(IReadOnlyList<RunResult> results, RunResult first)
    {
        var stuck = results.Count(result => result.Duration is null);
        return stuck == results.Count ? first.Stuck : Text($"In {stuck} of {results.Count} runs: {first.Stuck}");
    }

    /// <summary>Seconds are shown only below an hour.</summary>
    public static string Duration(TimeSpan duration)
        => DurationText.Write(TimeSpan.FromSeconds(duration < TimeSpan.FromHours(1) ? Math.Round(duration.TotalSeconds) : Math.Round(duration.TotalMinutes) * 60));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
