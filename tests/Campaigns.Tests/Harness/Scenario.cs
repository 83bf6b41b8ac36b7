using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Tests.Harness;

/// <summary>
/// A campaign under test with its clock and its stored log. Each event goes through the codec into the log, and a second state that
/// is folded from the log alone must equal the machine's after every input.
/// </summary>
internal sealed class Scenario
{
    public static readonly DateTimeOffset Begin = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);
    private readonly List<string> _log = [];
    private CampaignMachine _shadow = new();

    private Scenario(CampaignMachine machine) => Machine = machine;

    public CampaignMachine Machine { get; private set; }

    public CampaignState State => Machine.State;

    public DateTimeOffset Now { get; set; } = Begin;

    public IReadOnlyList<string> Log => _log;

    /// <summary>The effects of the last input.</summary>
    public IReadOnlyList<CampaignEffect> Effects { get; private set; } = [];

    /// <summary>The events of the last input.</summary>
    public IReadOnlyList<CampaignEvent> Events { get; private set; } = [];

    public Rejection? Rejection { get; private set; }

    public IEnumerable<CampaignEvent> History => _log.Select(CampaignEventCodec.Read);

    public static string Document(string spec) => "apiVersion: failback/v1\nkind: Campaign\nmetadata: {name: test}\nspec:\n  targets: [{}]\n"
        + string.Concat(spec.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"  {line}\n"));

    /// <summary>A planned campaign.</summary>
    /// <param name="spec">Lines of the document's spec.</param>
    /// <param name="estate">The estate.</param>
    /// <param name="replan">What the test makes of each planned item.</param>
    public static Scenario Planned(string spec, EstateView estate, Func<PlannedItem, PlannedItem>? replan = null)
    {
        var document = Document(spec);
        var parsed = CampaignDocument.Parse(document, "test.yaml").Require();
        var result = CampaignPlanner.Plan(parsed, estate);
        result.Problems.ShouldBeEmpty();
        var plan = replan is null ? result.Plan : result.Plan with { Items = [.. result.Plan.Items.Select(replan)] };
        var scenario = new Scenario(new CampaignMachine());
        return scenario.Send(new CreateCampaign(new Guid("11111111-2222-4333-8444-555555555555"), parsed, plan, document, "ann"));
    }

    public static Scenario Started(string spec, EstateView estate) => Planned(spec, estate).Send(new StartCampaign(null, "ann"));

    public Scenario Send(CampaignInput input)
    {
        Take(Machine.Handle(input, Now));
        return this;
    }

    public Scenario Wait(TimeSpan time)
    {
        Now += time;
        return Send(new TimerElapsed());
    }

    /// <summary>Lets the time run, stopping wherever the machine wants to be woken.</summary>
    public Scenario WaitThrough(TimeSpan time)
    {
        var end = Now + time;
        while (Wake is { } wake && wake <= end)
        {
            Now = wake > Now ? wake : Now;
            Wake = null;
            Send(new TimerElapsed());
        }

        Now = end;
        return Send(new TimerElapsed());
    }

    public DateTimeOffset? Wake { get; private set; }

    /// <summary>The process dies: all that is left is the log, and effects of the last input may not have been carried out.</summary>
    public Scenario Crash()
    {
        Machine = CampaignMachine.Replay(History);
        _shadow = CampaignMachine.Replay(History);
        Take(Machine.Resume(Now));
        return this;
    }

    public CampaignItem Item(string machine) => State.FindItem(Estate.ItemOf(machine)).ShouldNotBeNull();

    public ItemStatus Status(string machine) => Item(machine).Status;

    public IReadOnlyList<string> InFlight => [.. State.Items.Where(item => item.IsInFlight).Select(item => item.Planned.VirtualMachineName)];

    public IReadOnlyList<string> Initiated => [.. Effects.OfType<StartOperation>().Select(initiate => State.FindItem(initiate.Item)!.Planned.VirtualMachineName)];

    public Scenario Running(string machine) => Send(new AttemptRunning(Estate.ItemOf(machine), Item(machine).Attempt));

    public Scenario Succeed(string machine) => Send(new AttemptSucceeded(Estate.ItemOf(machine), Item(machine).Attempt, false, "The job completed."));

    public Scenario Fail(string machine, RetryClass retryClass = RetryClass.Never, string reason = "ACCESS_DENIED")
        => Send(new AttemptFailed(Estate.ItemOf(machine), Item(machine).Attempt, retryClass, reason, "It failed."));

    public Scenario Asks(string machine, string code, bool serviceIsDown)
        => Send(new AttemptAsks(Estate.ItemOf(machine), Item(machine).Attempt, code, "A person must decide.", serviceIsDown));

    public Scenario Undelivered(string machine, bool mayHaveBeenDelivered = false)
        => Send(new AttemptUndelivered(Estate.ItemOf(machine), Item(machine).Attempt, mayHaveBeenDelivered, "Connection refused."));

    public Scenario Recheck(string machine, StateVerdict verdict)
        => Send(new StateRechecked(Estate.ItemOf(machine), Item(machine).Attempt, verdict, "State seen."));

    public Scenario Checked(string machine, params string[] reasons)
        => Send(new ReadinessChecked(Estate.ItemOf(machine), State.Revision, reasons.Length == 0, reasons, "Recovered"));

    public IReadOnlyList<string> AskedForReadiness => [.. Effects.OfType<CheckReadiness>().Select(check => State.FindItem(check.Item)!.Planned.VirtualMachineName)];

    private void Take(Outcome outcome)
    {
        (Events, Effects, Rejection) = (outcome.Events, outcome.Effects, outcome.Rejection);
        foreach (var json in outcome.Events.Select(CampaignEventCodec.Write))
        {
            _log.Add(json);
            _shadow.Apply(CampaignEventCodec.Read(json));
        }

        Wake = outcome.Effects.OfType<WakeAt>().LastOrDefault()?.Time ?? Wake;
        StateDump.Of(_shadow.State).ShouldBe(StateDump.Of(Machine.State));
    }
}
