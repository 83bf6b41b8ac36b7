using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Commands.Support;

/// <summary>Looks at everything between this user and the hosts, from here outwards, and keeps what it was told. What fails ends neither the rest nor the command.</summary>
internal sealed class Checkup(CommandContext context)
{
    private const int HostsAtOnce = 16;

    private readonly List<Finding> _findings = [];

    /// <summary>What was found, in the order of the way to the hosts.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>What the coordinator says of itself; null when it was not reached.</summary>
    public ServerInfo? Server { get; private set; }

    /// <summary>Who this user is; null when the certificate could not be read.</summary>
    public PeerIdentity? Self { get; private set; }

    /// <summary>The hosts as they answered, by name.</summary>
    public IReadOnlyList<ManagedHost> Hosts { get; private set; } = [];

    /// <summary>The campaigns, newest first.</summary>
    public IReadOnlyList<Contracts.Campaigns.V1.Campaign> Campaigns { get; private set; } = [];

    /// <summary>Looks.</summary>
    /// <param name="parsed">The command line, for the connection.</param>
    /// <param name="further">What else is done over the open connection once the coordinator has answered.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(ParseResult parsed, Func<CoordinatorConnection, Task> further, CancellationToken cancellationToken)
    {
        try
        {
            var settings = context.Connection.Resolve(parsed);
            _findings.Add(new Finding("settings", FindingResult.Ok, $"{settings.Places}{(settings.Target is { } target ? $", context {target.Name}" : "")}."));
            using var coordinator = CoordinatorConnection.Open(settings, context.Environment.Time);
            var identity = coordinator.Identity;
            Self = identity.Peer;
            _findings.Add(Judgements.Role(identity.Peer));
            _findings.Add(Judgements.Certificate("certificate", "Your certificate", identity.ValidFrom, identity.ValidUntil, Now));
            await LookAsync(coordinator, further, cancellationToken);
        }
        catch (CommandException exception)
        {
            _findings.AddRange(exception.Lines.Select(line => new Finding("settings", FindingResult.Failed, line)));
        }
    }

    private DateTimeOffset Now => context.Environment.Time.GetUtcNow();

    private async Task LookAsync(CoordinatorConnection coordinator, Func<CoordinatorConnection, Task> further, CancellationToken cancellationToken)
    {
        TimeSpan? ahead = null;
        try
        {
            var began = Now;
            Server = await coordinator.Campaigns.GetServerInfoAsync(new GetServerInfoRequest(), coordinator.Deadline(cancellationToken));
            var took = Now - began;
            _findings.Add(new Finding("coordinator", FindingResult.Ok, string.Create(CultureInfo.InvariantCulture, $"answers after {took.TotalMilliseconds:0} ms.")));
            if (Server.CurrentTime is { } time)
            {
                // It was read somewhere within the call.
                ahead = time.ToDateTimeOffset() - (began + (took / 2));
                _findings.Add(Judgements.Clock("clock", "The coordinator's clock, beside this one,", ahead.Value));
            }

            if (Server.CertificateExpireTime is { } until)
            {
                _findings.Add(Judgements.Certificate("coordinator's certificate", "The coordinator's certificate", Server.CertificateStartTime?.ToDateTimeOffset(), until.ToDateTimeOffset(), Now));
            }

            _findings.AddRange(Judgements.Server(Server));
        }
        catch (RpcException exception) when (exception.StatusCode != StatusCode.Cancelled)
        {
            _findings.Add(new Finding("coordinator", FindingResult.Failed, FailureText.Sentence(exception), "Is it running, and is its port open from here?"));
            _findings.Add(new Finding("hosts", FindingResult.NotChecked, "The coordinator asks the hosts."));
            return;
        }

        await TryAsync("hosts", () => LookAtHostsAsync(coordinator, ahead, cancellationToken));
        await TryAsync("campaigns", () => LookAtCampaignsAsync(coordinator, cancellationToken));
        await TryAsync("details", () => further(coordinator));
    }

    private async Task LookAtHostsAsync(CoordinatorConnection coordinator, TimeSpan? ahead, CancellationToken cancellationToken)
    {
        var listed = await CoordinatorLists.HostsAsync(coordinator, cancellationToken);
        var answers = new ConcurrentDictionary<string, (ManagedHost? Host, DateTimeOffset Time, string Error)>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(listed, new ParallelOptions { MaxDegreeOfParallelism = HostsAtOnce, CancellationToken = cancellationToken }, async (host, token) =>
        {
            try
            {
                answers[host.Name] = (await coordinator.Hosts.GetHostAsync(new GetHostRequest { Name = host.Name }, coordinator.Deadline(token)), Now, "");
            }
            catch (RpcException exception) when (exception.StatusCode != StatusCode.Cancelled)
            {
                answers[host.Name] = (null, Now, FailureText.Sentence(exception));
            }
        });

        List<ManagedHost> seen = [];
        var before = _findings.Count;
        foreach (var host in listed)
        {
            var (answer, time, error) = answers[host.Name];
            seen.Add(answer ?? host);
            _findings.AddRange(answer is null
                ? [new Finding($"host {ResourceName.Id(host.Name)}", FindingResult.NotChecked, error)]
                : Judgements.Host(answer, Server!.Version, ahead is { } offset ? time + offset : null));
        }

        Hosts = seen;
        var reachable = seen.Count(host => host.Reachability == Reachability.Reachable);
        _findings.Insert(before, new Finding(
            "hosts", reachable == seen.Count ? FindingResult.Ok : FindingResult.Warning, string.Create(CultureInfo.InvariantCulture, $"{reachable} of {seen.Count} answer.")));
    }

    private async Task LookAtCampaignsAsync(CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        Campaigns = await CoordinatorLists.CampaignsAsync(coordinator, new ListCampaignsRequest(), cancellationToken);
        _findings.AddRange(Judgements.Campaigns([.. Campaigns.Where(campaign => campaign.EndTime is null)]));
    }

    private async Task TryAsync(string check, Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (RpcException exception) when (exception.StatusCode != StatusCode.Cancelled)
        {
            _findings.Add(new Finding(check, FindingResult.NotChecked, FailureText.Sentence(exception)));
        }
    }
}
