using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using Grpc.Core;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;

namespace HostAgent.Cli.Commands.Support;

/// <summary>failback support-bundle: one file for those who help, without names.</summary>
internal sealed class SupportBundleCommand : Command
{
    private const int MostItems = 5000;
    private const int MostEnded = 5;

    private readonly CommandContext _context;

    // It replaces the option of the same name that sets the output format of other commands.
    private readonly Option<string> _output = new("--output")
    {
        HelpName = "FILE",
        Required = true,
        Description = "The bundle, a zip file. Beside it FILE.names.json is written, which translates its names back: keep that one.",
    };

    private readonly Option<bool> _names = new("--with-names") { Description = "Leave the names of hosts, machines, campaigns and people, and the addresses, as they are." };

    public SupportBundleCommand(CommandContext context)
        : base("support-bundle", "Collect what those need who help: the findings of doctor, hosts, campaigns, why items wait, audit records. No keys, no certificates; names are replaced by numbered ones.")
    {
        _context = context;
        Add(_output);
        Add(_names);
        context.Connection.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(_output);
        var checkup = new Checkup(_context);
        var parts = new List<(string Name, IReadOnlyList<string> Lines)>();
        var pseudonyms = new Pseudonyms();
        List<string> omitted = [];
        await checkup.RunAsync(parsed, coordinator => CollectAsync(coordinator, checkup, parts, pseudonyms, omitted, cancellationToken), cancellationToken);
        parts.InsertRange(0,
        [
            ("about.json", [About(omitted)]),
            ("doctor.json", [DoctorCommand.Json(checkup.Findings)]),
            ("server.json", checkup.Server is { } server ? [ProtobufJson.Format(server)] : []),
            ("hosts.jsonl", [.. checkup.Hosts.Select(ProtobufJson.Format)]),
            ("campaigns.jsonl", [.. checkup.Campaigns.Select(ProtobufJson.Format)]),
        ]);

        var withNames = parsed.GetValue(_names);
        Learn(pseudonyms, checkup);
        await OutputFile.WriteAsync(path, "the bundle", file => WriteAsync(file, parts, withNames ? null : pseudonyms, cancellationToken), cancellationToken);
        _context.Environment.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {parts.Count} parts, {(withNames ? "with all names" : $"{pseudonyms.Names.Count} names replaced")}."));
        if (!withNames)
        {
            var names = path + ".names.json";
            await OutputFile.WriteAsync(names, "the names", JsonSerializer.Serialize(pseudonyms.Names.ToDictionary(name => name.Value, name => name.Key)) + "\n", cancellationToken);
            _context.Environment.Output.WriteLine($"{names}: translates them back. Keep it.");
        }

        if (checkup.Server is null)
        {
            _context.Environment.Error.WriteLine("The coordinator was not reached: the bundle has what can be known without it.");
            return ExitCode.Unreachable;
        }

        return ExitCode.Success;
    }

    private static async Task CollectAsync(
        CoordinatorConnection coordinator, Checkup checkup, List<(string Name, IReadOnlyList<string> Lines)> parts, Pseudonyms pseudonyms, List<string> omitted, CancellationToken cancellationToken)
    {
        var (live, ended) = (checkup.Campaigns.Where(campaign => campaign.EndTime is null), checkup.Campaigns.Where(campaign => campaign.EndTime is not null).ToList());
        if (ended.Count > MostEnded)
        {
            omitted.Add(string.Create(CultureInfo.InvariantCulture, $"The details of {ended.Count - MostEnded} campaigns that have ended."));
        }

        // A folder is named by the uid: the id is one of the names that are replaced.
        foreach (var campaign in live.Concat(ended.Take(MostEnded)))
        {
            await PartAsync("explain.json", async () => [ProtobufJson.Format(await coordinator.Campaigns.ExplainCampaignAsync(new ExplainCampaignRequest { Name = campaign.Name }, coordinator.Deadline(cancellationToken)))]);
            await PartAsync("items.jsonl", async () =>
            {
                var request = new ListItemsRequest { Parent = campaign.Name, PageSize = MostItems };
                request.States.AddRange(Enum.GetValues<ItemState>().Where(state => state is not (ItemState.Unspecified or ItemState.Succeeded)));
                var page = await coordinator.Campaigns.ListItemsAsync(request, coordinator.Deadline(cancellationToken));
                if (page.NextPageToken.Length > 0)
                {
                    omitted.Add(string.Create(CultureInfo.InvariantCulture, $"All but {MostItems} of the items of the campaign {campaign.Uid} that have not succeeded."));
                }

                foreach (var item in page.Items)
                {
                    pseudonyms.Learn("machine", item.VirtualMachineName);
                    pseudonyms.Learn("item", ResourceName.Id(item.Name));
                }

                return [.. page.Items.Select(ProtobufJson.Format)];
            });
            await PartAsync("audit.jsonl", async () =>
            {
                List<string> lines = [];
                using var call = coordinator.Campaigns.ExportAudit(new ExportAuditRequest { Name = campaign.Name }, coordinator.Deadline(cancellationToken));
                await foreach (var record in call.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    LearnPerson(pseudonyms, record.Actor);
                    lines.Add(ProtobufJson.Format(record));
                }

                return lines;
            });

            async Task PartAsync(string name, Func<Task<IReadOnlyList<string>>> read)
            {
                try
                {
                    parts.Add(($"campaigns/{campaign.Uid}/{name}", await read()));
                }
                catch (RpcException exception) when (exception.StatusCode != StatusCode.Cancelled)
                {
                    omitted.Add($"{name} of the campaign {campaign.Uid}: {FailureText.Sentence(exception)}");
                }
            }
        }
    }

    private static void Learn(Pseudonyms pseudonyms, Checkup checkup)
    {
        pseudonyms.Learn("person", checkup.Self?.Name ?? "");
        foreach (var host in checkup.Hosts)
        {
            pseudonyms.Learn("host", ResourceName.Id(host.Name));
            pseudonyms.Learn("host", host.Agent?.Name ?? "");
            pseudonyms.Learn("address", Uri.TryCreate(host.Address, UriKind.Absolute, out var address) ? address.Host : host.Address);
            pseudonyms.Learn("site", host.Site);
            pseudonyms.Learn("site", host.PrimarySite);
            foreach (var label in host.Labels.Values)
            {
                pseudonyms.Learn("label", label);
            }

            foreach (var machine in host.Agent?.Unfinished ?? [])
            {
                pseudonyms.Learn("machine", machine.Name);
            }
        }

        foreach (var campaign in checkup.Campaigns)
        {
            pseudonyms.Learn("campaign", ResourceName.Id(campaign.Name));
            LearnPerson(pseudonyms, campaign.CreatedBy);
            foreach (var label in campaign.Labels.Values)
            {
                pseudonyms.Learn("label", label);
            }

            foreach (var wave in campaign.Waves)
            {
                pseudonyms.Learn("wave", wave.Name);
                foreach (var approver in wave.Approvers)
                {
                    LearnPerson(pseudonyms, approver);
                }
            }
        }
    }

    // failback://operator/maria#serial=0A: the name is what is personal.
    private static void LearnPerson(Pseudonyms pseudonyms, string actor)
    {
        var name = actor.Split('#')[0];
        pseudonyms.Learn("person", name[(name.LastIndexOf('/') + 1)..]);
    }

    private static string About(IReadOnlyList<string> omitted) => JsonSerializer.Serialize(new
    {
        format = "failback.support/v1",
        version = Judgements.OwnVersion,
        runtime = RuntimeInformation.FrameworkDescription,
        system = RuntimeInformation.OSDescription,
        omitted,
    });

    private static async Task WriteAsync(Stream file, IReadOnlyList<(string Name, IReadOnlyList<string> Lines)> parts, Pseudonyms? pseudonyms, CancellationToken cancellationToken)
    {
        // A zip file is written in places that a pipe does not have.
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, lines) in parts)
            {
                await using var entry = new StreamWriter(archive.CreateEntry(name).Open(), TextFile.Utf8) { NewLine = "\n" };
                foreach (var line in lines)
                {
                    await entry.WriteLineAsync((pseudonyms?.Replace(line) ?? line).AsMemory(), cancellationToken);
                }
            }
        }

        buffer.Position = 0;
        await buffer.CopyToAsync(file, cancellationToken);
    }
}
