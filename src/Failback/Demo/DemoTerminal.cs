using HostAgent.Contracts.Words;
using HostAgent.Documents;
using System.Globalization;
using HostAgent.Cli;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Cli.Watch;
using HostAgent.Cli.Watch.Screen;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Failback.Demo.Nodes;
using HostAgent.Texts;
using Spectre.Console;

namespace HostAgent.Failback.Demo;

/// <summary>The output of a demo. For programs, standard output contains only the summary, as its last line; everything else goes to standard error.</summary>
internal sealed class DemoTerminal(CommandEnvironment environment, OutputFormat format)
{
    private const int LogLines = 20;

    private bool ForPrograms => format != OutputFormat.Text;

    private TextWriter Remarks => ForPrograms ? environment.Error : environment.Output;

    /// <summary>Prints what is about to run.</summary>
    public void Announce(DemoScene scene, DemoOptions options)
    {
        var hosts = options.Strategy == DemoStrategy.HostToHost ? $"{options.Hosts} simulated Hyper-V hosts in {options.Hosts / 2} pairs, at home and at the recovery site" : $"{options.Hosts} simulated Hyper-V hosts";
        Say($"Failback demo: {hosts}, {scene.Machines} virtual machines ({SizeText.Write(scene.Bytes)}), {scene.Speed:0} times as fast as real.");
        var coordinators = options.Coordinators == 1 ? "a coordinator" : $"{options.Coordinators} coordinators with one PostgreSQL";
        var where = options.Processes ? "each in its own process" : options.Coordinators > 1 ? "each coordinator in its own process" : options.Kill ? "the coordinator in its own process" : "in this process";
        Say($"Starting {options.Hosts} agents and {coordinators}, {where}, all with mutual TLS …");
    }

    /// <summary>Prints how long startup took.</summary>
    public void Ready(TimeSpan duration) => Say(string.Create(CultureInfo.InvariantCulture, $"Ready after {duration.TotalSeconds:0.0} s."));

    /// <summary>Prints the campaign's waves.</summary>
    public void Created(Campaign campaign)
    {
        var waves = string.Join(", ", campaign.Waves.Select(wave => $"{wave.Name} ({wave.Counts?.Total ?? 0})"));
        Say($"Campaign {ResourceName.Id(campaign.Name)}: {waves}.");
        Say("");
    }

    /// <summary>The display for the campaign.</summary>
    public IWatchDisplay WatchDisplay() => ForPrograms || !environment.IsTerminal
        ? new LinesWatchDisplay(Remarks, environment.Time)
        : new LiveWatchDisplay(environment.Console, environment.Time);

    /// <summary>Prints the result and, for a kept demo, what is still running.</summary>
    public void Conclude(DemoSummary summary, DemoEndpoints? kept)
    {
        Say("");
        if (ForPrograms || !environment.IsTerminal)
        {
            Say(summary.ToSentence());
        }
        else
        {
            environment.Console.Write(new Text(summary.ToSentence() + "\n", new Style(summary.IsPerfect ? Color.Green : Color.Red)));
        }

        if (kept is not null)
        {
            Describe(kept);
        }

        if (ForPrograms)
        {
            StructuredText.Write(environment.Output, format, summary.ToJson());
            environment.Output.Flush();
        }
    }

    /// <summary>Prints the ends of the logs and their location.</summary>
    public void ShowLogs(DemoDirectory directory)
    {
        foreach (var file in Directory.GetFiles(directory.Logs).Order(StringComparer.Ordinal))
        {
            var lines = TextFile.Read(file).TrimEnd().Split('\n').TakeLast(LogLines).Where(line => line.Length > 0).ToList();
            if (lines.Count > 0)
            {
                environment.Error.WriteLine($"--- the last lines of {file}");
                lines.ForEach(environment.Error.WriteLine);
            }
        }

        environment.Error.WriteLine($"Logs are kept in {directory.Logs}");
    }

    private void Describe(DemoEndpoints kept)
    {
        var (nodes, directory, settings, campaign) = kept;
        var program = string.Join(' ', ThisProgram.Command());
        Say("");
        Say("Everything is still running. Press Ctrl-C to stop it and remove its files.");
        Say("");
        foreach (var address in nodes.CoordinatorAddresses)
        {
            Say($"  coordinator   {Authority(address)}");
        }

        foreach (var agent in nodes.Agents)
        {
            Say($"  {agent.Name,-13} {Authority(agent.Address)}");
        }

        Say($"  certificate   {settings.Certificate}");
        Say($"  private key   {settings.PrivateKey}");
        Say($"  authority     {settings.Authority}");
        Say($"  campaign      {directory.Campaign}");
        Say($"  inventory     {directory.Inventory}");
        Say("");
        Say("Try in another terminal:");
        Say($"  export {ContextFile.Variable}={directory.Context}");
        Say($"  {program} campaign show {campaign} --items");
        Say($"  {program} host list");
        Say($"  {program} host vms {nodes.Agents[0].Name}");
        Say($"  grpcurl -cacert {settings.Authority} -cert {settings.Certificate} -key {settings.PrivateKey} \\");
        Say($"    {nodes.Agents[0].Address.Authority} hyperv.failback.v1.Failback/ListVirtualMachines");
    }

    private static string Authority(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private void Say(string sentence)
    {
        Remarks.WriteLine(sentence);
        Remarks.Flush();
    }
}

/// <summary>What a kept demo leaves running.</summary>
/// <param name="Nodes">The agents and the coordinator.</param>
/// <param name="Directory">The demo's files.</param>
/// <param name="Settings">The operator's connection to the coordinator.</param>
/// <param name="Campaign">The name of the campaign.</param>
internal sealed record DemoEndpoints(DemoNodes Nodes, DemoDirectory Directory, ConnectionSettings Settings, string Campaign);
