using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;
using HostAgent.Campaigns.Tests.Harness;
using HostAgent.Campaigns.Tests.Properties;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Model;

/// <summary>The machine decides as the naive campaign does, input for input.</summary>
public sealed class ModelTests
{
    [Fact]
    public void Machine_and_naive_campaign_agree_after_every_input() => RuleProperty.Holds(random => Compare(random, bends: input => input));

    [Fact]
    public void Comparison_notices_a_machine_that_is_wrong()
        => RuleProperty.Search(random => Compare(random, input => input is AttemptFailed { Class: RetryClass.Never } failed ? failed with { Class = RetryClass.BackOff } : input), 2000).ShouldNotBeNull();

    private static Finding? Compare(CampaignCase random, Func<CampaignInput, CampaignInput> bends)
    {
        var setting = Known(random.Setting);
        var (spec, estate) = (setting.ToSpec(), setting.ToEstate());
        var plan = CampaignPlanner.Plan(spec, estate).Plan;
        var (machine, naive, history, now) = (new CampaignMachine(), new NaiveCampaign(spec, plan), new History(plan), Scenario.Begin);
        machine.Handle(new CreateCampaign(Guid.Empty, spec, plan, string.Empty, "ann"), now);
        foreach (var move in random.Moves)
        {
            now += move.Kind == MoveKind.Pass ? TimeSpan.FromSeconds(move.Choose(400, 1)) : TimeSpan.Zero;
            var input = Input(naive, spec, move, now);
            history.Note(now, input);
            var outcome = machine.Handle(bends(input), now);
            naive.Handle(input, now);
            foreach (var campaignEvent in outcome.Events)
            {
                history.Note(now, campaignEvent);
            }

            var (expected, actual) = (Describe(naive), Describe(machine.State));
            if (actual != expected)
            {
                return new Finding(random, $"the machine has\n{history.Named(actual)}where the naive campaign has\n{history.Named(expected)}", history.ToString(), Rule: null);
            }
        }

        return null;
    }

    /// <summary>Leaves out what the naive campaign does not know. Breakers of sites take three hosts that fail.</summary>
    private static Setting Known(Setting setting) => setting with
    {
        Hosts = [.. setting.Hosts.Take(setting.Tolerance.PerHost is null ? 4 : 2)],
        Window = null,
        Readiness = new ReadinessSpec(),
        Tolerance = setting.Tolerance with { Window = null },
        Retry = setting.Retry with { Jitter = 0 },
        Timeouts = new TimeoutsSpec { Item = TimeSpan.FromDays(90), NoProgress = TimeSpan.FromDays(90) },
    };

    private static CampaignInput Input(NaiveCampaign naive, CampaignSpec spec, Move move, DateTimeOffset now)
    {
        var any = naive.Items[move.Choose(naive.Items.Count, 2)];
        var flying = naive.Items.Where(item => item.IsInFlight).ToList();
        var item = flying.Count > 0 && move.Choose(6, 3) > 0 ? flying[move.Choose(flying.Count, 4)] : any;
        var wave = spec.Waves[any.Planned.Wave].Name;
        var (id, attempt) = (item.Planned.Id, item.Attempt);
        return move.Kind switch
        {
            MoveKind.Pass or MoveKind.Crash or MoveKind.Die => new TimerElapsed(),
            MoveKind.Command => (move.Pick % 14) switch
            {
                0 or 1 => new StartCampaign(move.Choose(3, 5) == 0 ? now.AddMinutes(2) : null, "ann"),
                2 => new PauseCampaign("ann", ""),
                3 or 4 or 5 => new ResumeCampaign("ann", ""),
                6 => new StopCampaign("ann", ""),
                7 => new ApproveWave(wave, "lead", ""),
                8 => new RejectWave(wave, "lead", ""),
                9 => new SkipItem(any.Planned.Id, "ann", ""),
                10 => new ResolveItem(any.Planned.Id, move.Choose(2, 6) == 0, "ann", "seen"),
                11 => new RetryItems([], "ann", ""),
                _ => new RetryItems([any.Planned.Id, naive.Items[move.Choose(naive.Items.Count, 7)].Planned.Id], "ann", ""),
            },
            _ when naive.Status == CampaignStatus.Ready => new StartCampaign(null, "ann"),
            _ when naive.Status == CampaignStatus.Paused && flying.Count == 0 && move.Choose(2, 8) == 0 => new ResumeCampaign("ann", ""),
            _ => move.Choose(12, 9) switch
            {
                0 => new AttemptQueued(id, attempt),
                1 or 2 => new AttemptRunning(id, attempt),
                3 => new AttemptFailed(id, attempt, RetryClass.Never, "REFUSED", "It failed."),
                4 => new AttemptFailed(id, attempt, RetryClass.BackOff, "BUSY", "It failed."),
                5 => new AttemptFailed(id, attempt, RetryClass.FailedJob, "JOB_FAILED", "It failed."),
                6 => new AttemptFailed(id, attempt, RetryClass.NotReady, "NOT_READY", "It failed."),
                7 => new AttemptOutcomeUnknown(id, attempt, "It is gone."),
                8 => new ApproveWave(wave, "lead", ""),
                _ => new AttemptSucceeded(id, attempt, move.Choose(2, 10) == 0, "It is done."),
            },
        };
    }

    private static string Describe(NaiveCampaign naive) => Describe(
        naive.Status,
        naive.Pauses.Order(),
        naive.Failures,
        naive.Waves.Select(wave => wave.Status),
        naive.Breakers.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.Status),
        naive.Items.Select(item => (item.Planned.Id, item.Status, item.Attempt, item.IsInFlight, item.Next)));

    private static string Describe(CampaignState state) => Describe(
        state.Status,
        state.PauseCauses,
        state.Failures,
        state.Waves.Select(wave => wave.Status),
        state.Hosts.OrderBy(host => host.Name, StringComparer.Ordinal).Select(host => host.Breaker),
        state.Items.Select(item => (item.Id, item.Status, item.Attempt, item.IsInFlight, item.NextAttemptTime)));

    private static string Describe(
        CampaignStatus status,
        IEnumerable<PauseCause> pauses,
        int failures,
        IEnumerable<WaveStatus> waves,
        IEnumerable<BreakerStatus> breakers,
        IEnumerable<(string Id, ItemStatus Status, int Attempt, bool IsInFlight, DateTimeOffset? Next)> items)
        => string.Create(CultureInfo.InvariantCulture, $"{status} [{string.Join(' ', pauses)}] {failures} failures, waves {string.Join(' ', waves)}, breakers {string.Join(' ', breakers)}\n")
            + string.Concat(items.Select(item => string.Create(CultureInfo.InvariantCulture, $"  {item.Id} {item.Status} attempt {item.Attempt}{(item.IsInFlight ? " in flight" : "")} {item.Next:HH:mm:ss.fff}\n")));
}
