using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;

namespace HostAgent.Cli.Commands.Host;

/// <summary>failback host check: every readiness check of one virtual machine, made now.</summary>
internal sealed class HostCheckCommand : CoordinatorCommand
{
    private readonly Argument<string> _host = HostArguments.Host();
    private readonly Argument<string> _machine = new("VM") { Description = "The virtual machine: its name, or its GUID where several have that name." };

    public HostCheckCommand(CommandContext context)
        : base("check", "Run every readiness check of one virtual machine now. Changes nothing; exit code 1 when a check blocks.", context)
    {
        Add(_host);
        Add(_machine);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var host = ResourceName.Host(parsed.GetRequiredValue(_host));
        var machine = parsed.GetRequiredValue(_machine);
        var id = Guid.TryParseExact(machine, "D", out var guid)
            ? guid.ToString("D").ToUpperInvariant()
            : await FindAsync(coordinator, host, machine, cancellationToken);
        var answer = await coordinator.Hosts.CheckReadinessAsync(
            new CheckReadinessRequest { Parent = host, VirtualMachineId = id }, coordinator.Deadline(cancellationToken));
        Results(parsed).Write(answer, environment => ReadinessText.Write(environment, answer));
        return answer.Ready ? ExitCode.Success : ExitCode.Failed;
    }

    private static async Task<string> FindAsync(CoordinatorConnection coordinator, string host, string name, CancellationToken cancellationToken)
    {
        var request = new ListVirtualMachinesRequest { Parent = host, PageSize = HostVirtualMachinesCommand.LargestPage };
        var found = new List<string>();
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Hosts.ListVirtualMachinesAsync(request, coordinator.Deadline(cancellationToken));
            found.AddRange(page.VirtualMachines.Where(machine => NameText.Same(machine.Name, name)).Select(machine => machine.Id));
            return page.NextPageToken;
        });

        return found.Count switch
        {
            1 => found[0],
            0 => throw new CommandException(ExitCode.Failed, $"{host} has no virtual machine named {name}: \"failback host vms\" lists those that it has."),
            _ => throw new CommandException(ExitCode.Invalid, $"{host} has {found.Count} virtual machines named {name}: name one by its GUID: {string.Join(", ", found)}."),
        };
    }
}
