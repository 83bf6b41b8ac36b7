using System.Globalization;
using System.Text;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Tests.Golden;

/// <summary>What a state says to its readers, as text. Unlike a dump it does not change with how the state is kept.</summary>
internal static class PublicState
{
    public static string Of(CampaignState state)
    {
        var text = new StringBuilder();
        Line($"campaign {state.Uid}: {state.Status}, version {state.Version}, epoch {state.Epoch}, paused by [{string.Join(", ", state.PauseCauses)}], {state.Failures} failures");
        Line($"  created by {state.CreatedBy} at {state.CreateTime:O}, start {state.StartTime:O}, end {state.EndTime:O}");
        Line($"  {state.Explanation}");
        if (state.Forecast is { } forecast)
        {
            Line($"  forecast {forecast.Duration.P50} to {forecast.Duration.P90}, {forecast.Basis}: {string.Join("; ", forecast.Waves.Select(wave => FormattableString.Invariant($"{wave.Name} {wave.Start.P50} to {wave.End.P90}")))}");
        }

        foreach (var wave in state.Waves)
        {
            Line($"wave {wave.Spec.Name}: {wave.Status}, {wave.Counts.Terminal} of {wave.Counts.Total} ended, approved by [{wave.ApprovedBy}], rejected by [{wave.RejectedBy}], waits for [{wave.WaitingFor}]{Program("before", wave.Before)}{Program("after", wave.After)}");
        }

        foreach (var site in state.Sites)
        {
            Line($"site {site.Name}: {site.Breaker}, {site.InFlight} in flight");
        }

        foreach (var host in state.Hosts)
        {
            Line($"host {host.Name}: {host.Breaker}, {host.InFlight} in flight{(host.IsLost ? ", lost" : "")}");
        }

        foreach (var item in state.Items)
        {
            Line($"item {item.Planned.VirtualMachineName}: {item.Status}, attempt {item.Attempt} {item.OperationId}, {item.FailureReason} [{item.Explanation}]");
            Line($"  start {item.StartTime:O}, end {item.EndTime:O}, next {item.NextAttemptTime:O}{(item.CancelRequested ? ", to be cancelled" : "")}");
            Line($"  readiness {item.Readiness?.Ready} {item.Readiness?.ReplicationState} {string.Join(" ", item.Readiness?.Reasons ?? [])}");
        }

        return text.ToString();

        static string Program(string when, WaveProgram? program) => program is null ? "" : FormattableString.Invariant($", program {when} {program.Status} in run {program.Run} [{program.Explanation}]");

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture).TrimEnd()).Append('\n');
    }
}
