using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;
using HostAgent.Coordinator.Dispatch;
using HostAgent.Coordinator.Options;
using HostAgent.Hosting.Programs;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Returns;

/// <summary>
/// Runs programs of the site: files in a directory of the coordinator's settings, run without a shell. What they need is in their environment, their exit code is their
/// answer: 0 good, 75 again, anything else bad.
/// </summary>
internal sealed class SitePrograms(TimeProvider time, IOptions<CoordinatorOptions> options) : IWavePrograms
{
    private const int TryAgain = 75;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Runs a program until it has an answer.</summary>
    /// <param name="name">Its file.</param>
    /// <param name="kind">What it is called in a sentence, such as <c>application check</c>.</param>
    /// <param name="good">What is told before it when it is good.</param>
    /// <param name="variables">What it needs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<StepEnd> RunAsync(string name, string kind, string good, IReadOnlyDictionary<string, string> variables, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var (code, output) = await new LocalProgram(Path.Combine(options.Value.ApplicationChecks ?? "", name), []).RunAsync(variables, Longest, time, cancellationToken);
            switch (code)
            {
                case 0:
                    return new StepEnd(Succeeded: true, $"{good}{(good.Length == 0 ? 'T' : 't')}he {kind} {name} is good{Said(output)}.");
                case TryAgain when time.GetElapsedTime(began) < Longest:
                    await Task.Delay(Pause, time, cancellationToken);
                    break;
                default:
                    return new StepEnd(Succeeded: false, code is { } number
                        ? string.Create(CultureInfo.InvariantCulture, $"The {kind} {name} ended with code {number}{Said(output)}.")
                        : $"The {kind} {name} gave no answer{Said(output)}.");
            }
        }
    }

    public async Task RunAsync(DispatchedCampaign campaign, RunWaveProgram run, ICampaignReports reports, CancellationToken cancellationToken)
    {
        var end = options.Value.ApplicationChecks is not { Length: > 0 }
            ? new StepEnd(Succeeded: false, $"The program {run.Program} was not run: {CoordinatorOptions.Section}:{nameof(CoordinatorOptions.ApplicationChecks)} is not set any more.")
            : await RunAsync(
                run.Program, "program", "",
                new Dictionary<string, string>
                {
                    ["FAILBACK_OCCASION"] = run.Moment == WaveMoment.BeforeOutages ? "BEFORE_WAVE" : "AFTER_WAVE",
                    ["FAILBACK_CAMPAIGN"] = campaign.Name,
                    ["FAILBACK_WAVE"] = run.Name,
                    ["FAILBACK_RUN"] = run.Run.ToString(CultureInfo.InvariantCulture),
                },
                cancellationToken);
        await reports.ReportAsync(new WaveProgramReported(run.Wave, run.Moment, run.Run, end.Succeeded, end.Explanation), cancellationToken);
    }

    private static string Said(string output) => output.Length == 0 ? "" : $": {output}";
}
