using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>The argument StartTime: work begins now, or by itself at a time to come.</summary>
internal static class StartTime
{
    private static readonly TimeSpan FarthestAhead = TimeSpan.FromDays(7);

    /// <summary>Starts the job, or one that schedules it.</summary>
    public static OperationDecision Start(OperationCall call, JobType type, int relationship, JobPlan plan) => call.Inputs.GetValueOrDefault("StartTime") switch
    {
        null => OperationDecision.Start(type, plan),
        DateTimeOffset time when time > call.World.NowTime + FarthestAhead
            => OperationDecision.Refuse(ReturnCode.InvalidParameter, FormattableString.Invariant($"StartTime is {time:u}, allowed is at most 7 days ahead")),
        DateTimeOffset time when time > call.World.NowTime => OperationDecision.Start(type, OperationPlans.Timed(call.Machine, 1, new MachineChange
        {
            Schedules = new ScheduledWork(time, type, plan, relationship, call.Machine.StateOf(relationship)),
        })),
        DateTimeOffset => OperationDecision.Start(type, plan),
        var other => OperationDecision.Refuse(ReturnCode.InvalidParameter, $"StartTime is {other}, allowed is a point in time"),
    };
}
