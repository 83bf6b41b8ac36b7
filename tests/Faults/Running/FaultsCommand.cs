using System.CommandLine;
using System.Globalization;
using HostAgent.Faults.Rows;

namespace HostAgent.Faults.Running;

/// <summary>The command line of the runner.</summary>
internal static class FaultsCommand
{
    private const int MachinesOfHost = 10;

    /// <summary>Makes it.</summary>
    public static RootCommand Create()
    {
        var faults = new Option<string?>("--faults") { Description = "The rows by their numbers, as in 1,2,24; all without it.", HelpName = "NUMBERS" };
        var seeds = new Option<int>("--seeds") { Description = "How many seeds each row is run with.", DefaultValueFactory = _ => 20 };
        var first = new Option<int>("--first-seed") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
        var output = new Option<string>("--output") { Description = "text or json: whether each run is told; the last line is JSON in both.", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var history = new Option<DirectoryInfo?>("--history") { Description = "Where the timeline of every run is kept. Without it a fresh directory, deleted when nothing was found.", HelpName = "DIRECTORY" };
        var flaw = new Option<string?>("--flaw") { Description = "Plants a bug of tests/FaultyServers: the runner must find it.", HelpName = "NAME" };
        var hosts = new Option<int?>("--hosts") { Description = "Row 25 alone, with so many hosts, 2 to 1000, an even number, each a process: the coordinator at work is struck again and again until the campaign ends.", HelpName = "N" };
        var machines = new Option<int?>("--machines") { Description = "With --hosts: how many machines for each host, 1 to 100; 10 without it.", HelpName = "N" };
        var command = new RootCommand("Runs the product's own processes under faults, and checks what every host did and every client was told.") { faults, seeds, first, output, history, flaw, hosts, machines };
        seeds.Validators.Add(result => AtLeastOne(result, seeds));
        first.Validators.Add(result => AtLeastOne(result, first));
        faults.Validators.Add(result =>
        {
            if (Unknown(result.GetValue(faults)) is { } unknown)
            {
                result.AddError($"--faults names '{unknown}', which is no row; rows are {string.Join(", ", Menu.Rows.Select(row => row.Number))}.");
            }
        });
        flaw.Validators.Add(result =>
        {
            if (result.GetValue(flaw) is { } name && !PlantedFlaw.All.ContainsKey(name))
            {
                result.AddError($"--flaw is '{name}'; it must be one of {string.Join(", ", PlantedFlaw.All.Keys)}.");
            }
        });
        hosts.Validators.Add(result =>
        {
            if (result.GetValue(hosts) is not { } count || count is < 2 or > 1000 || count % 2 != 0)
            {
                result.AddError($"--hosts is {result.GetValue(hosts)}; it must be an even number from 2 to 1000.");
            }
        });
        machines.Validators.Add(result =>
        {
            if (result.GetValue(machines) is not (>= 1 and <= 100))
            {
                result.AddError($"--machines is {result.GetValue(machines)}; it must be 1 to 100.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(machines) is not null && result.GetValue(hosts) is null)
            {
                result.AddError("--machines is allowed only with --hosts.");
            }

            if (result.GetValue(hosts) is not null && result.GetValue(faults) is { } rows && rows.Trim() != Menu.NodesRow.ToString(CultureInfo.InvariantCulture))
            {
                result.AddError($"--hosts is allowed only with row {Menu.NodesRow}; --faults names '{rows}'.");
            }
        });
        command.SetAction(async (result, cancellation) =>
        {
            var rows = result.GetValue(hosts) is { } size ? [Menu.NodesOf(new EstateSize(size, result.GetValue(machines) ?? MachinesOfHost))] : Named(result.GetValue(faults));
            var runner = new Runner(result.GetValue(history), result.GetValue(output) == "json" ? TextWriter.Null : Console.Out, result.GetValue(flaw));
            var summary = await runner.RunAsync(rows, result.GetValue(first), result.GetValue(seeds), cancellation);
            Console.Out.WriteLine(summary.ToJson());
            return summary.IsGood ? 0 : 1;
        });
        return command;
    }

    private static IReadOnlyList<FaultRow> Named(string? list)
    {
        var numbers = list is null ? null : Split(list).Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToHashSet();
        return [.. Menu.Rows.Where(row => numbers?.Contains(row.Number) ?? true)];
    }

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries);

    private static string? Unknown(string? list) => list is null ? null : Split(list).FirstOrDefault(word
        => !int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || Menu.Rows.All(row => row.Number != number));

    private static void AtLeastOne(System.CommandLine.Parsing.OptionResult result, Option<int> option)
    {
        if (result.GetValue(option) < 1)
        {
            result.AddError($"{option.Name} is {result.GetValue(option)}; it must be at least 1.");
        }
    }
}
