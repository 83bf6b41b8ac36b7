using Google.Protobuf.WellKnownTypes;
using HostAgent.Campaigns;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Contracts.Campaigns.V1;
using CampaignState = HostAgent.Campaigns.States.CampaignState;
using LimitUse = HostAgent.Contracts.Campaigns.V1.LimitUse;

namespace HostAgent.Coordinator.Wire;

/// <summary>
/// Why items of one campaign do not move, by reason. To tell it of all items visits each of them, so the answer is kept for as long as that is dear, however many
/// people watch. Not thread-safe: the campaign's run owns it.
/// </summary>
internal sealed class WaitReasons
{
    private const int MostReasons = 100;
    private const int MostExamples = 10;
    private const int MostQuestionsOfReason = 5;
    private const int MostQuestions = 20;
    private const int MostLimits = 50;

    // Some ten times what an item costs: at most a tenth of the time goes there.
    private static readonly TimeSpan KeptForEach = TimeSpan.FromMicroseconds(20);

    private ExplainCampaignResponse? _whole;
    private long _version;
    private DateTimeOffset _made;

    /// <summary>Explains one item of a campaign, or all of them.</summary>
    /// <param name="state">The campaign.</param>
    /// <param name="item">The only item's id; empty for all.</param>
    /// <param name="now">The time.</param>
    /// <returns>The answer, without the legal answers to its questions; the caller's own.</returns>
    public ExplainCampaignResponse Of(CampaignState state, string item, DateTimeOffset now)
    {
        if (item.Length > 0)
        {
            return Explain(state, [state.FindItem(item)!], now);
        }

        if (_whole is null || (_version != state.Version && (now - _made).Duration() >= KeptForEach * state.Items.Count))
        {
            (_whole, _version, _made) = (Explain(state, state.Items, now), state.Version, now);
        }

        return _whole.Clone();
    }

    private static ExplainCampaignResponse Explain(CampaignState state, IReadOnlyList<CampaignItem> items, DateTimeOffset now)
    {
        var response = new ExplainCampaignResponse();
        var reasons = new Dictionary<(string Code, string Subject), WaitReason>();
        var questions = 0;
        foreach (var one in items)
        {
            if (WhyNot.Of(state, one, now) is not { } wait)
            {
                response.EndedCount += one.Status.IsTerminal() ? 1 : 0;
                response.MovingCount += one.Status.IsTerminal() ? 0 : 1;
                continue;
            }

            if (!reasons.TryGetValue((wait.Code, wait.Subject), out var reason))
            {
                reasons.Add((wait.Code, wait.Subject), reason = new WaitReason { Code = wait.Code, Subject = wait.Subject, Explanation = wait.Explanation, Act = wait.Act });
            }

            reason.Count++;
            if (wait.EarliestTime is { } time && (reason.EarliestTime is null || time < reason.EarliestTime.ToDateTimeOffset()))
            {
                reason.EarliestTime = time.ToTimestamp();
            }

            if (reason.Examples.Count < MostExamples)
            {
                reason.Examples.Add(one.Planned.VirtualMachineName);
            }

            if (one.Status == ItemStatus.Held && reason.Questions.Count < MostQuestionsOfReason && questions < MostQuestions)
            {
                questions++;
                reason.Questions.Add(new WaitQuestion
                {
                    VirtualMachineId = one.Planned.VirtualMachineId.ToString("D"),
                    VirtualMachineName = one.Planned.VirtualMachineName,
                    Explanation = wait.Explanation,
                });
            }
        }

        foreach (var reason in reasons.Values)
        {
            reason.NeedsPerson = NeedsPerson(reason);
        }

        response.Reasons.AddRange(InOrder(reasons.Values).Take(MostReasons));
        (response.Failures, response.ToleratedFailures) = Allowances.Budget(state);
        response.Limits.AddRange(Allowances.InUse(state).Take(MostLimits).Select(use => new LimitUse { Limit = use.Limit, Subject = use.Subject, Used = use.Used, Allowed = use.Allowed }));
        return response;
    }

    /// <summary>What a person must see first comes first.</summary>
    internal static IEnumerable<WaitReason> InOrder(IEnumerable<WaitReason> reasons)
        => reasons.OrderBy(Kind).ThenByDescending(reason => reason.Count).ThenBy(reason => reason.Code, StringComparer.Ordinal).ThenBy(reason => reason.Subject, StringComparer.Ordinal);

    // A dependency mostly ends by itself, and so do a soak and a schedule; a person can only hasten them. A campaign that was not started, or was stopped, is as a person wanted it.
    private static bool NeedsPerson(WaitReason reason) => reason is { Code: "ASKS" } or { Act: not "", Code: not ("DEPENDENCY" or "SOAK" or "SCHEDULED" or "NOT_STARTED" or "STOPPED") };

    private static int Kind(WaitReason reason) => reason switch
    {
        { Questions.Count: > 0 } or { Code: "ASKS" } => 0,
        _ when NeedsPerson(reason) => 1,
        { EarliestTime: not null } => 2,
        _ => 3,
    };
}
