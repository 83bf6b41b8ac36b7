using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;

namespace HostAgent.Cli.Commands.Machine;

/// <summary>failback vm approve.</summary>
internal sealed class MachineApproveCommand : MachineCommand
{
    private readonly Argument<string> _gate = new("GATE") { Description = "The gate that \"failback vm status\" shows." };
    private readonly Option<string> _evidence = new("--evidence") { HelpName = "TEXT", Description = "The evidence that was shown; without it, whatever is shown now is approved." };
    private readonly Option<string[]> _accept = AcceptOption.Create();
    private readonly Option<string> _comment = new("--comment") { HelpName = "TEXT", Description = "A comment for the record (at most 1024 characters)." };

    public MachineApproveCommand(CommandContext context)
        : base("approve", "Give the permission that the return waits for, for exactly what was shown.", context)
    {
        Add(_gate);
        Add(_evidence);
        Add(_accept);
        Add(_comment);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var name = await RequireAsync(coordinator, Machine(parsed), cancellationToken);
        var evidence = parsed.GetValue(_evidence) ?? (await GetAsync(coordinator, name, cancellationToken)).Next.Evidence;
        var request = new ApproveReturnRequest { Name = name, Gate = parsed.GetRequiredValue(_gate).ToUpperInvariant(), Evidence = evidence, Comment = parsed.GetValue(_comment) ?? "" };
        request.IgnoredChecks.Add(parsed.GetValue(_accept) ?? []);
        var after = await ApproveAsync(coordinator, request, CommandText.Machine(Machine(parsed), ResourceName.Id(name)), cancellationToken);
        Results(parsed).Write(after, environment => ReturnText.Write(environment, after));
        return ExitCode.Success;
    }
}

/// <summary>failback vm answer.</summary>
internal sealed class MachineAnswerCommand : MachineCommand
{
    private readonly Argument<string> _answer = new("ANSWER") { Description = "One of the answers that \"failback vm status\" shows." };
    private readonly Option<string> _evidence = new("--evidence") { HelpName = "TEXT", Description = "The evidence that was shown; without it, what is asked now is answered." };
    private readonly Option<string[]> _accept = AcceptOption.Create();
    private readonly Option<string> _reason = new("--reason") { HelpName = "TEXT", Description = "Why, or how it is known; needed for whatever gives writes up or states a fact (at most 1024 characters)." };

    public MachineAnswerCommand(CommandContext context)
        : base("answer", "Answer the question that the return asks.", context)
    {
        Add(_answer);
        Add(_evidence);
        Add(_accept);
        Add(_reason);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var name = await RequireAsync(coordinator, Machine(parsed), cancellationToken);
        var evidence = parsed.GetValue(_evidence) ?? (await GetAsync(coordinator, name, cancellationToken)).Next.Evidence;
        var request = new AnswerReturnRequest
        {
            Name = name,
            Verb = parsed.GetRequiredValue(_answer).ToUpperInvariant().Replace('-', '_'),
            Evidence = evidence,
            Reason = parsed.GetValue(_reason) ?? "",
        };
        request.IgnoredChecks.Add(parsed.GetValue(_accept) ?? []);
        var machine = CommandText.Machine(Machine(parsed), ResourceName.Id(name));
        var after = await CheckedAsync(coordinator.Returns.AnswerReturnAsync(request, coordinator.Deadline(cancellationToken)), machine, $"answer {machine} {request.Verb}", request.IgnoredChecks);
        Results(parsed).Write(after, environment => ReturnText.Write(environment, after));
        return ExitCode.Success;
    }
}

/// <summary>failback vm rollback.</summary>
internal sealed class MachineRollbackCommand : MachineCommand
{
    private readonly Option<bool> _confirm = new("--confirm-loss") { Description = "What was written at home since the switch is lost." };
    private readonly Option<string> _reason = new("--reason") { HelpName = "TEXT", Description = "Why, for the record (at most 1024 characters)." };

    public MachineRollbackCommand(CommandContext context)
        : base("rollback", "Bring production back to the recovery site, and watch.", context)
    {
        Add(_confirm);
        Add(_reason);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var name = await RequireAsync(coordinator, Machine(parsed), cancellationToken);
        var confirmed = parsed.GetValue(_confirm);
        await coordinator.Returns.SetReturnGoalAsync(
            new SetReturnGoalRequest { Name = name, Goal = ReturnGoal.Back, ConfirmLoss = confirmed, Reason = parsed.GetValue(_reason) ?? "" }, coordinator.Deadline(cancellationToken));
        await GoOnAsync(coordinator, name, cancellationToken);
        // The loss was confirmed by name; the gate asks for the same again.
        return await FollowAsync(parsed, coordinator, name, confirmed ? new HashSet<string>(StringComparer.Ordinal) { "DISCARD" } : new HashSet<string>(StringComparer.Ordinal), [], cancellationToken);
    }
}

/// <summary>failback vm cancel-step.</summary>
internal sealed class MachineCancelStepCommand : MachineCommand
{
    private const string Warning = "WARNING: disks that a copy or a failover was writing are neither old nor new, and must not be booted.";

    private readonly Option<bool> _confirmed = new("--confirm-possible-data-loss") { Description = "Required: you know that such disks must not be booted." };
    private readonly Option<string> _reason = new("--reason") { HelpName = "TEXT", Description = "Why, for the record (at most 1024 characters)." };

    public MachineCancelStepCommand(CommandContext context)
        : base("cancel-step", "Have the host terminate the step that does not end; where it has no job of it, give the step up. The return then goes on from what both hosts show.", context)
    {
        Add(_confirmed);
        Add(_reason);
        Validators.Add(result =>
        {
            if (!result.GetValue(_confirmed))
            {
                result.AddError(Warning);
                result.AddError($"Nothing was cancelled. Add {_confirmed.Name} to cancel the step.");
            }
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var name = await RequireAsync(coordinator, Machine(parsed), cancellationToken);
        var request = new CancelReturnStepRequest { Name = name, ConfirmPossibleDataLoss = parsed.GetValue(_confirmed), Reason = parsed.GetValue(_reason) ?? "" };
        var after = await coordinator.Returns.CancelReturnStepAsync(request, coordinator.Deadline(cancellationToken));
        Results(parsed).Write(after, environment => ReturnText.Write(environment, after));
        return ExitCode.Success;
    }
}

/// <summary>failback vm pause.</summary>
internal sealed class MachinePauseCommand : MachineCommand
{
    private readonly Option<string> _reason = new("--reason") { HelpName = "TEXT", Description = "Why, for the record (at most 1024 characters)." };

    public MachinePauseCommand(CommandContext context)
        : base("pause", "Begin no further step by itself; a step that is being made is ended.", context)
        => Add(_reason);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var name = await RequireAsync(coordinator, Machine(parsed), cancellationToken);
        var after = await coordinator.Returns.PauseReturnAsync(new PauseReturnRequest { Name = name, Reason = parsed.GetValue(_reason) ?? "" }, coordinator.Deadline(cancellationToken));
        Results(parsed).Write(after, environment => ReturnText.Write(environment, after));
        return ExitCode.Success;
    }
}
