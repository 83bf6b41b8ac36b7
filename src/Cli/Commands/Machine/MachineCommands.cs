using System.CommandLine;
using Grpc.Core;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;
using HostAgent.Transport;

namespace HostAgent.Cli.Commands.Machine;

/// <summary>failback vm: one machine brought home between two hosts, without a campaign.</summary>
internal static class MachineCommands
{
    public static Command Create(CommandContext context)
    {
        var group = new Command("vm", "Bring one virtual machine home between two hosts, step by step or to the end, and test its replica.")
        {
            new MachineListCommand(context),
            new MachineStatusCommand(context),
            new MachineCheckCommand(context),
            new MachineNextCommand(context),
            new MachineRunCommand(context),
            new MachineApproveCommand(context),
            new MachineAnswerCommand(context),
            new MachineRollbackCommand(context),
            new MachineCancelStepCommand(context),
            new MachinePauseCommand(context),
            new MachineAuditCommand(context),
            new MachineDrillCommand(context),
            new MachineDrillsCommand(context),
            new MachineEndDrillCommand(context),
            new MachineProofsCommand(context),
        };
        context.Connection.AddTo(group);
        return group;
    }
}

/// <summary>A command about one machine's return.</summary>
internal abstract class MachineCommand : CoordinatorCommand
{
    private readonly Argument<string> _machine = new("VM") { Description = "The virtual machine: its name, or its GUID where several have that name." };

    protected MachineCommand(string name, string description, CommandContext context)
        : base(name, description, context)
        => Add(_machine);

    protected string Machine(ParseResult parsed) => parsed.GetRequiredValue(_machine);

    /// <summary>The resource name of the machine's newest return; null when none was begun.</summary>
    protected static async Task<string?> FindAsync(CoordinatorConnection coordinator, string machine, CancellationToken cancellationToken)
    {
        if (machine.StartsWith("returns/", StringComparison.Ordinal))
        {
            return machine;
        }

        var isId = Guid.TryParseExact(machine, "D", out var id);
        var request = new ListReturnsRequest { PageSize = 1000 };
        var found = new List<Return>();
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Returns.ListReturnsAsync(request, coordinator.Deadline(cancellationToken));
            found.AddRange(page.Returns.Where(one => isId ? one.Name == $"returns/{id:D}" : NameText.Same(one.VirtualMachineName, machine)));
            return page.NextPageToken;
        });

        // Those that have not ended count more than what was long ago.
        var names = found.Where(one => one.EndTime is null).Select(one => one.Name).Distinct(StringComparer.Ordinal).ToList();
        names = names.Count > 0 ? names : [.. found.Select(one => one.Name).Distinct(StringComparer.Ordinal)];
        return names.Count switch
        {
            0 => null,
            1 => names[0],
            _ => throw new CommandException(ExitCode.Invalid, $"{names.Count} machines named {machine} have returns: name one by its GUID: {string.Join(", ", names.Select(ResourceName.Id))}."),
        };
    }

    /// <summary>The same, where there must be one.</summary>
    protected static async Task<string> RequireAsync(CoordinatorConnection coordinator, string machine, CancellationToken cancellationToken)
        => await FindAsync(coordinator, machine, cancellationToken)
            ?? throw new CommandException(ExitCode.Failed, $"No return of {machine} was begun: \"failback vm next {CommandText.Machine(machine, "VM")}\" begins it, reads both hosts and makes the first step.");

    protected static Task<Return> GetAsync(CoordinatorConnection coordinator, string name, CancellationToken cancellationToken)
        => coordinator.Returns.GetReturnAsync(new GetReturnRequest { Name = name }, coordinator.Deadline(cancellationToken)).ResponseAsync;

    /// <summary>Writes a return, and says by the exit code whether a person is needed.</summary>
    protected int Show(ParseResult parsed, Return shown)
    {
        Results(parsed).Write(shown, environment => ReturnText.Write(environment, shown));
        return CodeOf(shown);
    }

    /// <summary>0 while it goes on or has ended as its goal says; 1 when it was refused or a person must decide.</summary>
    protected static int CodeOf(Return shown) => shown.Next.Kind switch
    {
        NextKind.Ask or NextKind.Approval or NextKind.Refused => ExitCode.Failed,
        NextKind.Done => shown.Next.Code == "HANDED_OVER" || (shown.Goal == ReturnGoal.Home && shown.Next.Code is not ("HOME" or "HOME_UNPROTECTED")) ? ExitCode.Failed : ExitCode.Success,
        _ => ExitCode.Success,
    };

    /// <summary>Lets a return continue by itself. One that has just ended, or has nothing left to do, is no error: following it shows how it ended.</summary>
    protected static async Task GoOnAsync(CoordinatorConnection coordinator, string name, CancellationToken cancellationToken)
    {
        try
        {
            await coordinator.Returns.AdvanceReturnAsync(new AdvanceReturnRequest { Name = name, RunToEnd = true }, coordinator.Deadline(cancellationToken));
        }
        catch (RpcException exception) when (RpcFailure.From(exception).Reason is "RETURN_ENDED" or "NOTHING_TO_DO")
        {
            // It was as its goal says already, or is refused.
        }
    }

    /// <summary>Follows a return to its end, or until a person is needed; gates that were named beforehand are approved as they are shown.</summary>
    protected async Task<int> FollowAsync(ParseResult parsed, CoordinatorConnection coordinator, string name, IReadOnlySet<string> gates, IReadOnlyList<string> accepted, CancellationToken cancellationToken)
    {
        // Whoever ends this command, or loses the coordinator, may have a service that is down.
        var goesOn = VisibleText.Line($"The return goes on without this command, to its next gate or question. Look at it with: failback vm status {CommandText.Machine(Machine(parsed), ResourceName.Id(name))}");
        try
        {
            return await WatchAsync(parsed, coordinator, name, gates, accepted, cancellationToken);
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            Results(parsed).Remark($"Stopped watching. {goesOn}");
            return ExitCode.Interrupted;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
        {
            var report = FailureText.Report(exception);
            throw new CommandException(report.ExitCode, [.. report.Lines, goesOn]);
        }
    }

    private async Task<int> WatchAsync(ParseResult parsed, CoordinatorConnection coordinator, string name, IReadOnlySet<string> gates, IReadOnlyList<string> accepted, CancellationToken cancellationToken)
    {
        using var call = coordinator.Returns.WatchReturn(new WatchReturnRequest { Name = name }, cancellationToken: cancellationToken);
        var (told, last) = (0, new Return());
        await foreach (var shown in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            last = shown;
            foreach (var step in shown.Steps.Where(step => step.Number > told))
            {
                told = step.Number;
                Results(parsed).Remark(VisibleText.Line($"{Quantity.Instant(step.EndTime)}  {(step.Succeeded ? "done  " : "FAILED")}  {ReturnText.Line(step)}: {step.Explanation}"));
            }

            if (shown.Step is not null)
            {
                continue;
            }

            if (shown.Next.Kind == NextKind.Approval && gates.Contains(shown.Next.Gate))
            {
                await ApproveAsync(parsed, coordinator, shown, accepted, cancellationToken);
            }
            else if (shown.Next.Kind is NextKind.Approval or NextKind.Ask or NextKind.Done or NextKind.Refused || !shown.Running)
            {
                break;
            }
        }

        return Show(parsed, last);
    }

    /// <summary>Gives a permission.</summary>
    protected static Task<Return> ApproveAsync(CoordinatorConnection coordinator, ApproveReturnRequest request, string machine, CancellationToken cancellationToken)
        => CheckedAsync(coordinator.Returns.ApproveReturnAsync(request, coordinator.Deadline(cancellationToken)), machine, $"approve {machine} {request.Gate}", request.IgnoredChecks);

    /// <summary>What may be refused by checks: the refusal says what to do about it on this command line.</summary>
    protected static async Task<Return> CheckedAsync(AsyncUnaryCall<Return> call, string machine, string again, IEnumerable<string> accepted)
    {
        using (call)
        {
            try
            {
                return await call;
            }
            catch (RpcException exception) when (RpcFailure.From(exception) is { Reason: "NOT_READY" } refused)
            {
                var report = FailureText.Report(exception);
                var accepting = string.Concat(refused.PreconditionViolations.Select(violation => violation.Type).Concat(accepted).Distinct(StringComparer.Ordinal).Select(check => $" --accept {check}"));
                throw new CommandException(
                    report.ExitCode, [.. report.Lines, $"Every check with what was seen: \"failback vm check {machine}\". To accept these: \"failback vm {again}{accepting}\"."]);
            }
        }
    }

    private async Task ApproveAsync(ParseResult parsed, CoordinatorConnection coordinator, Return shown, IReadOnlyList<string> accepted, CancellationToken cancellationToken)
    {
        var request = new ApproveReturnRequest { Name = shown.Name, Gate = shown.Next.Gate, Evidence = shown.Next.Evidence, Comment = "named on the command line" };
        if (request.Gate == AcceptOption.Gate)
        {
            request.IgnoredChecks.Add(accepted);
        }

        try
        {
            await ApproveAsync(coordinator, request, ReturnText.MachineOf(shown), cancellationToken);
            Results(parsed).Remark($"Approved {shown.Next.Gate}.");
        }
        catch (RpcException exception) when (RpcFailure.From(exception).Reason is "EVIDENCE_CHANGED" or "NO_GATE" or "STEP_IN_HAND")
        {
            // It has gone on meanwhile; what it needs then is shown next.
        }
    }
}

/// <summary>A command that begins the return where none has been begun.</summary>
internal abstract class BeginningCommand : MachineCommand
{
    private readonly Option<string> _recovery = new("--recovery") { HelpName = "HOST", Description = "The host where it runs now; found unless given." };
    private readonly Option<string> _home = new("--home") { HelpName = "HOST", Description = "The host to which it returns; found unless given." };
    private readonly CheckOptions _check = new("the start at home", "Without it: those that it had at the recovery site before the outage.");
    private readonly Option<bool> _offIsFine = new("--off-is-fine") { Description = "The machine may be off at the recovery site without having been shut down for this." };

    private readonly Option<bool> _noRehearsal = new("--no-rehearsal") { Description = "Do not prove by a test failover at home, before the outage, that the machine comes up there." };

    private readonly Option<string> _rehearsalSwitch = new("--rehearse-switch")
    {
        HelpName = "NAME",
        Description = "Rehearse on this private or internal switch of the host at home, with the application check, instead of no network.",
    };

    private readonly Option<ReturnNetwork[]> _networks = new("--network")
    {
        HelpName = "FROM=TO[,dhcp][,vlan=ID][,mac=keep]",
        Description = "What adapters at switch FROM at the recovery site get at home: switch TO, addresses by DHCP, a VLAN (or vlan=untagged), the static MAC address that they have. May be given several times.",
        CustomParser = argument => [.. argument.Tokens.Select(token => NetworkOption.Read(token.Value, argument.AddError)).OfType<ReturnNetwork>()],
    };

    protected BeginningCommand(string name, string description, CommandContext context)
        : base(name, description, context)
    {
        Add(_recovery);
        Add(_home);
        _check.AddTo(this);
        Add(_offIsFine);
        Add(_noRehearsal);
        Add(_rehearsalSwitch);
        Add(_networks);
    }

    /// <summary>The return that has not ended; begun if there is none.</summary>
    protected async Task<Return> BeginAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var machine = Machine(parsed);
        if (await FindAsync(coordinator, machine, cancellationToken) is { } name && await GetAsync(coordinator, name, cancellationToken) is { EndTime: null } open)
        {
            return open;
        }

        return await coordinator.Returns.CreateReturnAsync(
            new CreateReturnRequest
            {
                VirtualMachine = machine.StartsWith("returns/", StringComparison.Ordinal) ? ResourceName.Id(machine) : machine,
                RecoveryHost = parsed.GetValue(_recovery) ?? "",
                HomeHost = parsed.GetValue(_home) ?? "",
                Check = _check.Read(parsed),
                OffIsFine = parsed.GetValue(_offIsFine),
                Rehearse = !parsed.GetValue(_noRehearsal),
                RehearsalSwitch = parsed.GetValue(_rehearsalSwitch) ?? "",
                Networks = { parsed.GetValue(_networks) ?? [] },
            },
            coordinator.Deadline(cancellationToken));
    }
}

/// <summary>failback vm list.</summary>
internal sealed class MachineListCommand : CoordinatorCommand
{
    private readonly Option<bool> _all = new("--all") { Description = "Those that have ended too." };

    public MachineListCommand(CommandContext context)
        : base("list", "List the returns of single machines. Contacts no host.", context)
        => Add(_all);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var request = new ListReturnsRequest { PageSize = 1000, LiveOnly = !parsed.GetValue(_all) };
        var all = new ListReturnsResponse();
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Returns.ListReturnsAsync(request, coordinator.Deadline(cancellationToken));
            all.Returns.AddRange(page.Returns);
            return page.NextPageToken;
        });
        Results(parsed).Write(all, environment => ReturnText.WriteList(environment, all.Returns));
        return ExitCode.Success;
    }
}

/// <summary>failback vm status.</summary>
internal sealed class MachineStatusCommand(CommandContext context)
    : MachineCommand("status", "Read both hosts now, and show what comes next and why. Changes nothing; exit code 1 when a person is needed. Of a machine without a return: what tests have shown of its replica.", context)
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        if (await FindAsync(coordinator, Machine(parsed), cancellationToken) is { } name)
        {
            return Show(parsed, await GetAsync(coordinator, name, cancellationToken));
        }

        // A machine that never went anywhere may have been tested.
        var known = await MachineProofsCommand.ReadAsync(coordinator, new ListProofsRequest { VirtualMachine = Machine(parsed) }, cancellationToken);
        if (known.Proofs.All(proof => proof.State == ProofState.Missing))
        {
            await RequireAsync(coordinator, Machine(parsed), cancellationToken);
        }

        Results(parsed).Write(known, environment => ProofText.Write(environment, known.Proofs));
        return ExitCode.Success;
    }
}

/// <summary>failback vm check.</summary>
internal sealed class MachineCheckCommand(CommandContext context)
    : MachineCommand("check", "Check on both hosts now whether the machine can return home. Changes nothing; exit code 1 when a check blocks.", context)
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var machine = Machine(parsed);
        var name = await RequireAsync(coordinator, machine, cancellationToken);
        var answer = await coordinator.Returns.CheckReturnAsync(new CheckReturnRequest { Name = name }, coordinator.Deadline(cancellationToken));
        Results(parsed).Write(answer, environment => ReadinessText.Write(environment, answer, machine));
        return answer.Ready ? ExitCode.Success : ExitCode.Failed;
    }
}

/// <summary>--accept CHECK, of whoever may approve the outage.</summary>
internal static class AcceptOption
{
    /// <summary>The gate whose checks are accepted.</summary>
    public const string Gate = "OUTAGE";

    public static Option<string[]> Create() => new("--accept")
    {
        HelpName = "CHECK",
        Description = "Approve the outage although this check has failed, as \"failback vm check\" names it. May be given several times.",
        CustomParser = argument => [.. argument.Tokens.SelectMany(token => token.Value.Split(',')).Select(check => check.ToUpperInvariant())],
    };
}

/// <summary>failback vm next.</summary>
internal sealed class MachineNextCommand(CommandContext context) : BeginningCommand("next", "Make the next step, and show what comes after it; what ends by itself is waited for. Begins the return where none was begun.", context)
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var open = await BeginAsync(parsed, coordinator, cancellationToken);
        if (open.Next.Kind is not (NextKind.Step or NextKind.Wait))
        {
            return Show(parsed, open);
        }

        var request = new AdvanceReturnRequest { Name = open.Name, Evidence = open.Next.Evidence };
        if (open.Next.Kind == NextKind.Wait)
        {
            request.Evidence = "";
            Results(parsed).Remark(VisibleText.Line($"Waiting, {open.Next.Code}: {open.Next.Explanation} Whoever does not want to wait may end this command."));
        }

        try
        {
            // A step may take as long as its guest or its host does; the operator may stop waiting at any time.
            var after = await coordinator.Returns.AdvanceReturnAsync(request, cancellationToken: cancellationToken);
            var shown = Show(parsed, after);
            if (after.Steps.LastOrDefault() is not { } made)
            {
                return shown;
            }

            // One step was asked for and made, whatever comes after it.
            Results(parsed).Remark(VisibleText.Line($"{(made.Succeeded ? "Done" : "FAILED")}, {ReturnText.Line(made)}: {made.Explanation}"));
            return made.Succeeded ? ExitCode.Success : ExitCode.Failed;
        }
        catch (RpcException exception) when (RpcFailure.From(exception).Reason == "NOTHING_TO_DO")
        {
            // What was waited for ended in something else than a step.
            return Show(parsed, await GetAsync(coordinator, open.Name, cancellationToken));
        }
    }
}

/// <summary>failback vm run.</summary>
internal sealed class MachineRunCommand : BeginningCommand
{
    private static readonly string[] Gates = ["ATTACH", "COPY", "OUTAGE", "ACCEPT", "DISCARD"];

    private readonly Option<string[]> _accept = AcceptOption.Create();
    private readonly Option<string[]> _approve = new("--approve")
    {
        HelpName = "GATE",
        Description = $"Approve this gate when it is reached, with whatever is shown then: {string.Join(", ", Gates)}. May be given several times; without it the command ends at each gate.",
        CustomParser = argument =>
        {
            var named = argument.Tokens.SelectMany(token => token.Value.Split(',')).Select(gate => gate.ToUpperInvariant()).ToArray();
            foreach (var unknown in named.Except(Gates, StringComparer.Ordinal))
            {
                argument.AddError($"--approve: \"{unknown}\" is not one of {string.Join(", ", Gates)}.");
            }

            return named;
        },
    };

    public MachineRunCommand(CommandContext context)
        : base("run", "Go on to the end, and watch. The return goes on without this command; at a gate or a question it waits for a person.", context)
    {
        Add(_approve);
        Add(_accept);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var open = await BeginAsync(parsed, coordinator, cancellationToken);
        await GoOnAsync(coordinator, open.Name, cancellationToken);
        return await FollowAsync(parsed, coordinator, open.Name, (parsed.GetValue(_approve) ?? []).ToHashSet(StringComparer.Ordinal), parsed.GetValue(_accept) ?? [], cancellationToken);
    }
}

/// <summary>failback vm audit.</summary>
internal sealed class MachineAuditCommand(CommandContext context) : MachineCommand("audit", "Show who approved and answered what, and each step with its outcome.", context)
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var name = await RequireAsync(coordinator, Machine(parsed), cancellationToken);
        using var call = coordinator.Returns.GetReturnAudit(new GetReturnAuditRequest { Name = name }, coordinator.Deadline(cancellationToken));
        await foreach (var record in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            Results(parsed).Write(record, VisibleText.Line($"{record.Sequence,4}  {Quantity.Instant(record.Time)}  {record.Actor}  {record.Action}  {record.Result}  {record.Details}"));
        }

        return ExitCode.Success;
    }
}
