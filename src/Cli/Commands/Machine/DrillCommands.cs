using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;

namespace HostAgent.Cli.Commands.Machine;

/// <summary>failback vm drill.</summary>
internal sealed class MachineDrillCommand : CoordinatorCommand
{
    private readonly Argument<string> _machine = new("VM") { Description = "The virtual machine: its name, or its GUID where several have that name." };
    private readonly Option<string> _host = new("--host") { HelpName = "HOST", Description = "The host whose replica is tested; found unless given." };
    private readonly Option<string> _switch = new("--switch")
    {
        HelpName = "NAME",
        Description = "A private or internal switch of that host, to which the test machine is connected; an external one is refused. Without it the machine is on no network.",
    };

    private readonly CheckOptions _check = new("the start of the test machine", "Without it no address is looked at.");
    private readonly Option<int> _soak = NumberOption.Create("--soak", "How many minutes the test machine is left running after it has come up", 0, 0, 1440);

    private readonly Option<int> _validFor = NumberOption.Create("--valid-for", "How many days the drill proves that the replica boots, when it is passed", 30, 1, 3650);

    public MachineDrillCommand(CommandContext context)
        : base("drill", "Prove that a machine's replica would boot: a test failover is made, started on no network or an isolated switch, checked and removed. Production and replication go on.", context)
    {
        Add(_machine);
        Add(_host);
        Add(_switch);
        _check.AddTo(this);
        Add(_soak);
        Add(_validFor);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var begun = await coordinator.Drills.StartDrillAsync(
            new StartDrillRequest
            {
                VirtualMachine = parsed.GetRequiredValue(_machine),
                Host = parsed.GetValue(_host) ?? "",
                VirtualSwitch = parsed.GetValue(_switch) ?? "",
                Check = _check.Read(parsed),
                SoakTime = Duration.FromTimeSpan(TimeSpan.FromMinutes(parsed.GetValue(_soak))),
                ProofValidFor = Duration.FromTimeSpan(TimeSpan.FromDays(parsed.GetValue(_validFor))),
            },
            coordinator.Deadline(cancellationToken));
        var machine = VisibleText.Line(begun.VirtualMachineName);
        Results(parsed).Remark($"{begun.Name}: the replica of {machine} on {VisibleText.Line(begun.Host)}. It goes on, and cleans up, without this command; \"failback vm end-drill {begun.Name}\" ends it.");

        using var call = coordinator.Drills.WatchDrill(new WatchDrillRequest { Name = begun.Name }, cancellationToken: cancellationToken);
        var (told, last) = (0, begun);
        await foreach (var shown in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            last = shown;
            foreach (var step in shown.Steps.Where(step => step.Number > told))
            {
                told = step.Number;
                Results(parsed).Remark(VisibleText.Line($"{Quantity.Instant(step.EndTime)}  {(step.Succeeded ? "done  " : "FAILED")}  step {step.Number} {step.Kind}: {step.Explanation}"));
            }
        }

        Results(parsed).Write(last, environment => DrillText.Write(environment, last));
        return last.State == DrillState.Passed ? ExitCode.Success : ExitCode.Failed;
    }
}

/// <summary>failback vm drills.</summary>
internal sealed class MachineDrillsCommand : CoordinatorCommand
{
    private readonly Option<bool> _all = new("--all") { Description = "Those that have ended too." };

    public MachineDrillsCommand(CommandContext context)
        : base("drills", "List the drills of single machines. Contacts no host.", context)
        => Add(_all);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var request = new ListDrillsRequest { PageSize = 1000, LiveOnly = !parsed.GetValue(_all) };
        var all = new ListDrillsResponse();
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Drills.ListDrillsAsync(request, coordinator.Deadline(cancellationToken));
            all.Drills.AddRange(page.Drills);
            return page.NextPageToken;
        });
        Results(parsed).Write(all, environment => DrillText.WriteList(environment, all.Drills));
        return ExitCode.Success;
    }
}

/// <summary>failback vm end-drill.</summary>
internal sealed class MachineEndDrillCommand : CoordinatorCommand
{
    private readonly Argument<string> _drill = new("DRILL") { Description = "The drill, as \"failback vm drills\" names it: drills/…" };
    private readonly Option<string> _reason = new("--reason") { HelpName = "TEXT", Description = "Why, for the record (at most 1024 characters)." };
    private readonly Option<bool> _cancelStep = new("--cancel-step") { Description = "Do not wait for the step that is being made: have its host terminate it." };

    public MachineEndDrillCommand(CommandContext context)
        : base("end-drill", "End a drill early: what it has made is removed.", context)
    {
        Add(_drill);
        Add(_cancelStep);
        Add(_reason);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var after = await coordinator.Drills.EndDrillAsync(
            new EndDrillRequest { Name = parsed.GetRequiredValue(_drill), Reason = parsed.GetValue(_reason) ?? "", CancelStep = parsed.GetValue(_cancelStep) }, coordinator.Deadline(cancellationToken));
        Results(parsed).Write(after, environment => DrillText.Write(environment, after));
        return ExitCode.Success;
    }
}

/// <summary>How a machine that was started is checked.</summary>
/// <param name="after">After what.</param>
/// <param name="otherwise">What is checked of its network without options.</param>
internal sealed class CheckOptions(string after, string otherwise)
{
    private const string Any = "any";

    private readonly Option<string> _check = new("--check") { HelpName = "NAME", Description = $"An application check of the coordinator, run after {after}." };
    private readonly Option<bool> _noHeartbeat = new("--ignore-heartbeat") { Description = "The guest has no integration services, so that no heartbeat is waited for." };
    private readonly Option<int> _heartbeat = NumberOption.Create("--heartbeat-timeout", $"How many seconds the guest's heartbeat may take to be good after {after}", 600, 10, 7200);

    private readonly Option<string[]> _addresses = new("--expect-address")
    {
        HelpName = "ADDRESS",
        Description = $"An address that the guest must have after {after}; may be repeated. \"any\": each adapter must have one. {otherwise}",
        CustomParser = argument => [.. argument.Tokens.SelectMany(token => token.Value.Split(','))],
    };

    private readonly Option<bool> _noNetwork = new("--ignore-network") { Description = "Neither the connections of the network adapters nor the guest's addresses are looked at." };

    public void AddTo(Command command)
    {
        command.Add(_check);
        command.Add(_noHeartbeat);
        command.Add(_heartbeat);
        command.Add(_addresses);
        command.Add(_noNetwork);
    }

    public ReturnCheck Read(ParseResult parsed)
    {
        var addresses = parsed.GetValue(_addresses) ?? [];
        var check = new ReturnCheck
        {
            ApplicationCheck = parsed.GetValue(_check) ?? "",
            IgnoreHeartbeat = parsed.GetValue(_noHeartbeat),
            HeartbeatTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(parsed.GetValue(_heartbeat))),
            AnyAddress = addresses.Contains(Any, StringComparer.OrdinalIgnoreCase),
            IgnoreNetwork = parsed.GetValue(_noNetwork),
        };
        check.ExpectedAddresses.Add(addresses.Where(address => !string.Equals(address, Any, StringComparison.OrdinalIgnoreCase)));
        return check;
    }
}
