using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Wire;
using HostAgent.Failover;
using HostAgent.Hosting;
using HostAgent.HyperV.Readiness;
using HostAgent.Texts;

namespace HostAgent.Coordinator.Services;

/// <summary>Writes returns as messages.</summary>
internal static class ReturnMapper
{
    /// <summary>A return as it is shown now.</summary>
    public static Return ToMessage(ReturnView view)
    {
        var state = view.State;
        var message = new Return
        {
            Name = ResourceNames.Return(state.Machine),
            Uid = state.Uid.ToString("D"),
            VirtualMachineName = state.MachineName,
            RecoveryHost = state.RecoveryHost,
            HomeHost = state.HomeHost,
            Goal = EnumNames.Of<Goal, ReturnGoal>(state.Goal),
            Running = state.Running,
            Version = state.Version,
            ProductionAt = SideOf(state.Records.ProductionAt),
            Recovery = SiteOf(state, view.Read, Side.Recovery),
            Home = SiteOf(state, view.Read, Side.Home),
            Next = NextOf(view),
            CreateTime = state.CreateTime.ToTimestamp(),
            EndTime = state.EndTime?.ToTimestamp(),
            OutageSince = state.OutageSince?.ToTimestamp(),
            WayThere = state.IsWayThere,
            Campaign = state.Owner?.Name ?? "",
        };
        message.Steps.Add(state.Steps.Select(StepOf));
        if (state.InHand is { } step)
        {
            message.Step = StepOf(step);
            message.Step.Explanation = view.Progress ?? "";
            if (view.Percent is { } percent)
            {
                message.Step.PercentComplete = percent;
            }
        }

        return message;
    }

    /// <summary>What a person may answer, or approve, at the moment, each with the command that does it.</summary>
    public static IEnumerable<WaitAnswer> AnswersOf(ReturnView view)
    {
        var state = view.State;
        var machine = CommandText.Machine(state.MachineName, state.Machine.ToString("D"));
        var next = state.InHand is null ? NextOf(view) : new NextStep();
        return next switch
        {
            { Kind: NextKind.Approval } => [new WaitAnswer { Verb = next.Gate, Explanation = next.Explanation, Command = $"failback vm approve {machine} {next.Gate}" }],
            { Kind: NextKind.Ask } => next.Choices.Select(choice => new WaitAnswer
            {
                Verb = choice.Verb,
                Explanation = choice.Explanation,
                GivesUp = choice.Loses switch { ReturnSide.Recovery => state.RecoveryHost, ReturnSide.Home => state.HomeHost, _ => "" },
                Command = $"failback vm answer {machine} {choice.Verb}{(choice.NeedsReason ? " --reason \"...\"" : "")}",
            }),
            _ => [],
        };
    }

    /// <summary>The checks before a return.</summary>
    public static CheckReturnResponse ToMessage(PreflightReport report) => new()
    {
        Ready = report.Ready,
        Checks =
        {
            report.Checks.Select(check => new Contracts.Failback.V1.ReadinessCheck
            {
                Id = check.Id,
                Passed = check.Passed,
                Severity = EnumNames.Of<CheckSeverity, Contracts.Failback.V1.CheckSeverity>(check.Severity),
                Observed = check.Observed,
                Remedy = check.Remedy,
            }),
        },
        CheckTime = report.Time.ToTimestamp(),
    };

    private static SideState SiteOf(ReturnState state, PairRead? pair, Side side)
    {
        var read = pair?.At(side);
        var facts = read?.Message ?? (state.At(side).LastFacts is { } bytes ? Contracts.Failback.V1.MachineFacts.Parser.ParseFrom(bytes) : null);
        return new SideState
        {
            Host = state.HostOf(side),
            Reached = read?.Facts.Reached ?? false,
            UnreachableReason = read?.Unreachable ?? "",
            Facts = facts,
            Summary = Summary(read, facts),
            StatedOff = state.At(side).StatedOff,
        };
    }

    private static string Summary(SiteRead? read, Contracts.Failback.V1.MachineFacts? facts)
    {
        var seen = facts switch
        {
            null => "not read yet",
            { Present: false } => "does not have the machine",
            { VirtualMachine: var machine } => $"{Word(machine.PowerState)}, {(machine.ReplicationMode == Contracts.Failback.V1.ReplicationMode.None ? "not replicated" : $"{Word(machine.ReplicationMode)}, {Word(machine.ReplicationState)}")}",
        };
        return read is { Unreachable: not null } ? $"does not answer; last seen: {seen}" : seen;
    }

    // FAILBACK_COMPLETE is read as "failback complete".
    private static string Word<TEnum>(TEnum value)
        where TEnum : struct, System.Enum
        => UpperSnake.Of(value).Replace('_', ' ').ToLowerInvariant();

    // On the way there of a drill the hosts' own names are clearer than those of the sites.
    private static NextStep NextOf(ReturnView view)
    {
        var next = Next(view);
        if (view.State.IsWayThere)
        {
            string Named(string text) => Explanations.Named(text, view.State.RecoveryHost, view.State.HomeHost);
            (next.Explanation, next.Undo) = (Named(next.Explanation), Named(next.Undo));
            foreach (var choice in next.Choices)
            {
                choice.Explanation = Named(choice.Explanation);
            }
        }

        return next;
    }

    private static NextStep Next(ReturnView view)
    {
        if (view.State is { EndTime: not null } ended)
        {
            return ended.Refusal is { } refusal
                ? new NextStep { Kind = NextKind.Refused, Code = UpperSnake.Of(refusal), Explanation = Explanations.Of(new Refuse(refusal)) }
                : new NextStep { Kind = NextKind.Done, Code = UpperSnake.Of(ended.Outcome ?? Outcome.HandedOver), Explanation = Explanations.Of(ended.Outcome ?? Outcome.HandedOver) };
        }

        if (view.Decision is not { } decision)
        {
            return new NextStep { Explanation = view.State.InHand is null ? "Not read yet." : "Decided when the step has ended." };
        }

        var next = new NextStep { Explanation = $"{Explanations.Of(decision)} {view.Detail}".TrimEnd(), Evidence = view.Evidence };
        switch (decision)
        {
            case Step step:
                (next.Kind, next.Code, next.Side, next.Undo) = (NextKind.Step, UpperSnake.Of(step.Kind), SideOf(step.Side), Explanations.UndoOf(step));
                break;
            case Wait { Needs: { } needed }:
                (next.Kind, next.Code, next.Gate) = (NextKind.Approval, "APPROVAL", UpperSnake.Of(needed.Gate));
                break;
            case Wait wait:
                (next.Kind, next.Code, next.Until) = (NextKind.Wait, UpperSnake.Of(wait.Why), wait.Until?.ToTimestamp());
                break;
            case Ask ask:
                (next.Kind, next.Code) = (NextKind.Ask, UpperSnake.Of(ask.Code));
                next.Choices.Add(ask.Choices.Select(choice => new ReturnChoice
                {
                    Verb = UpperSnake.Of(choice.Verb),
                    Explanation = Explanations.Of(choice.Verb),
                    Loses = choice.Loses switch { Loss.RecoveryWrites => ReturnSide.Recovery, Loss.HomeWrites => ReturnSide.Home, _ => ReturnSide.Unspecified },
                    NeedsReason = MachineReturn.NeedsReason(choice),
                }));
                break;
        }

        return next;
    }

    private static ReturnStep StepOf(MadeStep step) => new()
    {
        Number = step.Number,
        Kind = UpperSnake.Of(step.Kind),
        Side = SideOf(step.Side),
        OperationId = step.OperationId?.ToString("D") ?? "",
        StartTime = step.StartTime.ToTimestamp(),
        EndTime = step.EndTime?.ToTimestamp(),
        Succeeded = step.Succeeded,
        Explanation = step.Explanation,
    };

    private static ReturnSide SideOf(Side? side) => side switch { Side.Recovery => ReturnSide.Recovery, Side.Home => ReturnSide.Home, _ => ReturnSide.Unspecified };
}
