using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Tests.Model;

/// <summary>
/// A campaign as one would write it who need not care for cost: lists that are scanned, sums that are taken anew. It knows what most of a
/// campaign is about (waves, gates, ramps, limits, dependencies, tolerance, retries, breakers for failures, commands), and not: hosts out of
/// reach, looks at a machine's state, cancellation, readiness, windows and timeouts.
/// </summary>
internal sealed partial class NaiveCampaign
{
    private readonly CampaignSpec _spec;
    private readonly CampaignPlan _plan;
    private DateTimeOffset _now;
    private DateTimeOffset? _start;

    public NaiveCampaign(CampaignSpec spec, CampaignPlan plan)
    {
        (_spec, _plan) = (spec, plan);
        Items = [.. plan.Items.Select(item => new NaiveItem(item))];
        Waves = [.. spec.Waves.Select(wave => new NaiveWave(wave))];
        Breakers = plan.Items.Select(item => item.Host).Distinct(StringComparer.Ordinal).ToDictionary(host => host, _ => new NaiveBreaker(), StringComparer.Ordinal);
    }

    public IReadOnlyList<NaiveItem> Items { get; }

    public IReadOnlyList<NaiveWave> Waves { get; }

    public Dictionary<string, NaiveBreaker> Breakers { get; }

    public CampaignStatus Status { get; private set; } = CampaignStatus.Ready;

    public HashSet<PauseCause> Pauses { get; } = [];

    public int Failures => Items.Count(item => item.CountsInCampaign);

    /// <summary>Takes an input; a command that is refused changes nothing.</summary>
    public void Handle(CampaignInput input, DateTimeOffset now)
    {
        _now = now;
        if (!TryTake(input))
        {
            return;
        }

        if (!Status.IsTerminal())
        {
            Elapse();
        }

        Advance();
    }

    private bool TryTake(CampaignInput input)
    {
        switch (input)
        {
            case ItemReport report:
                Report(Items.Single(item => item.Planned.Id == report.Item), report);
                return true;
            case StartCampaign start:
                return TryStart(start);
            case PauseCampaign:
                return IsActive && (Pauses.Contains(PauseCause.Operator) || Pause(PauseCause.Operator));
            case ResumeCampaign:
                return IsActive && (Status == CampaignStatus.Running || TryResume());
            case StopCampaign:
                return TryStop();
            case ApproveWave approve:
                return TryAnswer(approve.Wave, approve.Actor, Approve);
            case RejectWave reject:
                return TryAnswer(reject.Wave, reject.Actor, Reject);
            case SkipItem skip:
                return TrySkip(Items.Single(item => item.Planned.Id == skip.Item));
            case ResolveItem resolve:
                return TryResolve(Items.Single(item => item.Planned.Id == resolve.Item), resolve.Succeeded);
            case RetryItems retry:
                return TryRetry(retry);
            default:
                return true;
        }
    }

    private bool IsActive => Status is CampaignStatus.Running or CampaignStatus.Paused;

    private void Elapse()
    {
        if (Status == CampaignStatus.Scheduled && _start <= _now)
        {
            Status = CampaignStatus.Running;
        }

        foreach (var wave in Waves.Where(wave => wave.SoaksUntil <= _now))
        {
            wave.SoaksUntil = null;
        }

        foreach (var breaker in Breakers.Values.Where(breaker => breaker.Until <= _now))
        {
            (breaker.Status, breaker.Until) = (BreakerStatus.HalfOpen, null);
        }

        foreach (var item in Items.Where(item => item.Next <= _now))
        {
            item.Next = null;
        }
    }

    private void Advance()
    {
        if (Status is CampaignStatus.Completed or CampaignStatus.CompletedWithFailures)
        {
            Status = Final();
            return;
        }

        if (!IsActive && Status != CampaignStatus.Stopping)
        {
            return;
        }

        while (Waves.FirstOrDefault(wave => wave.Status != WaveStatus.Done) is { } wave && TryAdvance(wave))
        {
        }

        if (Items.All(item => item.Status.IsTerminal()))
        {
            (Status, _) = (Final(), Pauses.RemoveWhere(_ => true));
        }
        else if (Status == CampaignStatus.Stopping && !Items.Any(item => item.IsInFlight))
        {
            Status = CampaignStatus.Stopped;
        }

        while (Status == CampaignStatus.Running && Items.FirstOrDefault(MayStart) is { } next)
        {
            Start(next);
        }
    }

    private bool TryAdvance(NaiveWave wave)
    {
        var items = ItemsOf(wave);
        var hasEnded = items.All(item => item.Status.IsTerminal());
        switch (wave.Status)
        {
            case WaveStatus.Pending when Status == CampaignStatus.Running:
                wave.Status = WaveStatus.Running;
                return true;
            case WaveStatus.Running when hasEnded && wave.Spec.Gate is { } gate && !wave.IsPassed && items.Count > 0 && wave != Waves[^1]:
                wave.Status = WaveStatus.AtGate;
                wave.SoaksUntil = gate.Soak > TimeSpan.Zero ? _now + gate.Soak : null;
                return true;
            case WaveStatus.Running when hasEnded:
            case WaveStatus.AtGate when (wave.IsApproved || wave.Spec.Gate!.Approvers.Count == 0) && wave.SoaksUntil is null:
                (wave.Status, wave.IsPassed) = (WaveStatus.Done, true);
                return true;
            default:
                return false;
        }
    }

    private bool MayStart(NaiveItem item)
    {
        var (planned, wave, breaker) = (item.Planned, Waves[item.Planned.Wave], Breakers[item.Planned.Host]);
        return !item.IsInFlight && !item.Status.IsTerminal() && item.Next is null && wave.Status == WaveStatus.Running
            && (item.IsLifted || AfterOf(item).All(after => after.Status.IsSuccess()))
            && (breaker.Status == BreakerStatus.Closed || (breaker.Status == BreakerStatus.HalfOpen && breaker.Probe is null))
            && InFlight(other => other.Wave == planned.Wave) < wave.Bound
            && HasRoom(_spec.Limits.Campaign, _ => true)
            && HasRoom(_spec.Limits.Host, other => other.Host == planned.Host)
            && HasRoom(_spec.Limits.Site, other => other.Site == planned.Site)
            && HasRoom(_spec.Limits.Link, other => (other.Site, other.PrimarySite) == (planned.Site, planned.PrimarySite))
            && HasRoom(_spec.Limits.Tenant, other => other.Tenant == planned.Tenant);
    }

    private bool HasRoom(Amount? limit, Func<PlannedItem, bool> shares) => limit is not { } amount || InFlight(shares) < amount.Of(Items.Count, 1);

    private int InFlight(Func<PlannedItem, bool> shares) => Items.Count(item => item.IsInFlight && shares(item.Planned));

    private void Start(NaiveItem item)
    {
        item.Attempt++;
        (item.IsInFlight, item.IsAccepted, item.Status) = (true, false, ItemStatus.Starting);
        var breaker = Breakers[item.Planned.Host];
        breaker.Probe = breaker.Status == BreakerStatus.HalfOpen ? item : breaker.Probe;
    }

    private CampaignStatus Final() => Items.All(item => item.Status.IsSuccess() || item.IsSkippedByPerson) ? CampaignStatus.Completed : CampaignStatus.CompletedWithFailures;

    private List<NaiveItem> ItemsOf(NaiveWave wave) => [.. Items.Where(item => Waves[item.Planned.Wave] == wave)];

    private IEnumerable<NaiveItem> AfterOf(NaiveItem item) => item.Planned.Dependencies.SelectMany(dependency => _plan.Dependencies[dependency].After).Select(after => Items[after]);

    private int Tolerated(Amount amount) => amount.Of(Items.Count, 0);
}
