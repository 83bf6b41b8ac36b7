using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Documents;
using static HostAgent.Coordinator.Reports.ReportText;

namespace HostAgent.Coordinator.Reports;

/// <summary>The runbook of a plan: one self-contained page like the report, to be read or printed before the start.</summary>
internal static class HtmlRunbook
{
    private const int MostRefused = 200;
    private const int MostAfter = 5;

    public static async Task WriteAsync(Runbook runbook, TextWriter output)
    {
        var page = new HtmlPage(output);
        await page.BeginAsync($"Runbook: {runbook.Spec.Name}", await HtmlReport.StyleAsync());
        await HeadAsync(runbook, page);
        await BeforeAsync(runbook.Plan, page);
        await WavesAsync(runbook, page);
        await ForecastAsync(runbook, page);
        await StepsAsync(runbook, page);
        await TroubleAsync(runbook, page);
        await MachinesAsync(runbook.Plan, page);
        await page.HeadingAsync("Document");
        await page.DocumentAsync(runbook.Document);
        await page.EndAsync();
    }

    private static async Task HeadAsync(Runbook runbook, HtmlPage page)
    {
        var (plan, spec) = (runbook.Plan, runbook.Spec);
        var hosts = plan.Items.Select(item => item.Host).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        await page.TitleAsync(spec.Name, "plan", "PLAN");
        await page.ElementAsync("p", Text($"{plan.Items.Count:N0} virtual machines on {hosts:N0} {(hosts == 1 ? "host" : "hosts")}, in {plan.Waves.Count} {(plan.Waves.Count == 1 ? "wave" : "waves")}. {Means(spec)}"));
        await page.FactsAsync(
        [
            ("Planned", Text($"{Instant(runbook.PlanTime)} for {runbook.PlannedFor}, from the hosts as they were then; the campaign plans anew when it is created")),
            ("Labels", string.Join(", ", spec.Labels.Select(label => $"{label.Key}={label.Value}"))),
            ("Tolerated failures", Tolerated(spec.Tolerance)),
            ("Limits", Limits(spec.Limits)),
            ("Starts only", Window(spec.Window)),
            ("Copies begin only", Window(spec.Windows?.Sync)),
            ("Outages begin only", Window(spec.Windows?.Switch)),
            .. (spec.HostToHost?.Networks ?? []).Select(network => ("Network at home", Network(network))),
        ]);
    }

    private static string Means(CampaignSpec spec) => spec.Strategy switch
    {
        Strategy.InitiateFailback => "Each is failed back by one call on its replica's host.",
        Strategy.HostToHost when spec.HostToHost is { Goal: PairGoal.Protect } => "Production stays where it runs; home becomes its replica. No service goes down.",
        Strategy.HostToHost => "Each goes home host to host: it is brought in step while production runs on, then its service goes down for the switch.",
        Strategy.TestFailover => "Each replica is tested: a second machine is made of it, started, checked and removed. Production goes on, and nothing is failed back.",
        Strategy.PlannedDrill => "Each is switched to the recovery site and comes home again: two outages, no write lost.",
        Strategy.Auto => "Each goes home by its replication provider: those of Hyper-V's own host to host, those of an external one by its failback call.",
        _ => throw new InvalidOperationException($"The strategy {spec.Strategy} has no sentence."),
    };

    private static async Task BeforeAsync(CampaignPlan plan, HtmlPage page)
    {
        if (plan.Warnings.Count + plan.Refused.Count == 0)
        {
            return;
        }

        await page.HeadingAsync("To be decided before");
        foreach (var warning in plan.Warnings)
        {
            await page.ElementAsync("p", warning.NeedsAcceptance ? $"Needs acceptance: {warning.Message}" : warning.Message);
        }

        if (plan.Refused.Count == 0)
        {
            return;
        }

        await page.ElementAsync("p", Text($"{plan.Refused.Count:N0} machines that the document selects are not part of it:"));
        await page.BeginTableAsync("Machine", "Host", "~Why");
        foreach (var refused in plan.Refused.Take(MostRefused))
        {
            await page.RowAsync("mark", refused.VirtualMachineName, refused.Host, refused.Reason);
        }

        await page.EndTableAsync();
        if (plan.Refused.Count > MostRefused)
        {
            await page.ElementAsync("p", Text($"… and {plan.Refused.Count - MostRefused:N0} more."));
        }
    }

    private static async Task WavesAsync(Runbook runbook, HtmlPage page)
    {
        await page.HeadingAsync("Waves");
        var takesDown = runbook.Spec.HostToHost is not null;
        await page.BeginTableAsync(["Wave", "#Machines", "#Disks", .. takesDown ? ["~Outages", "~Programs"] : (string[])[], "~Then"]);
        var items = runbook.Plan.Items.ToLookup(item => item.Wave);
        for (var index = 0; index < runbook.Spec.Waves.Count; index++)
        {
            var (wave, bytes) = (runbook.Spec.Waves[index], items[index].Sum(item => item.DiskBytes));
            await page.RowAsync(string.Empty, [
                wave.Name,
                Number(items[index].Count()),
                bytes > 0 ? SizeText.Write(bytes) : string.Empty,
                .. takesDown ? [Outages(runbook.Spec.OutageOf(wave)), Programs(runbook.Spec, wave)] : (string[])[],
                index < runbook.Spec.Waves.Count - 1 ? wave.Gate?.Describe() ?? "the next wave" : string.Empty]);
        }

        await page.EndTableAsync();
    }

    private static async Task ForecastAsync(Runbook runbook, HtmlPage page)
    {
        var forecast = runbook.Forecast;
        await page.HeadingAsync("Forecast");
        foreach (var missing in forecast.Missing)
        {
            await page.ElementAsync("p", $"No forecast: the {missing.What} is missing. {missing.Explanation}{(missing.Examples.Count > 0 ? $" For example: {string.Join(", ", missing.Examples)}." : "")}");
        }

        if (forecast.Stuck.Length > 0)
        {
            await page.ElementAsync("p", $"It would not end without a person: {forecast.Stuck}");
        }

        if (forecast.Duration is { } duration)
        {
            await page.ElementAsync("p", Text($"{Whole(duration.P50)} in half of {forecast.Runs} runs, at most {Whole(duration.P90)} in nine of ten, from {Instant(runbook.StartTime)}: until {Instant(runbook.StartTime + duration.P50)} to {Instant(runbook.StartTime + duration.P90)}, without the time that people take to approve."));
        }

        await page.FactsAsync([("Based on", forecast.Basis), ("What would help", forecast.Bottleneck), .. forecast.Assumed.Select(assumed => ("Assumed", assumed)), ("Home by", forecast.Deadline?.Answer ?? string.Empty)]);
        await HtmlForecast.PlanAsync(forecast.Waves, runbook.StartTime, page);
    }

    private static async Task StepsAsync(Runbook runbook, HtmlPage page)
    {
        var (spec, plan) = (runbook.Spec, runbook.Plan);
        var name = spec.Name;
        var accept = plan.Warnings.Any(warning => warning.NeedsAcceptance) ? " --accept-warnings" : string.Empty;
        var steps = new List<(string Who, string What, string Command)>
        {
            ("an operator", "Is everything reachable?", "failback doctor"),
            ("an operator", "Store it. Nothing starts.", $"failback campaign create {Argument(runbook.Source)}{accept}"),
            ("an operator", "Start it.", $"failback campaign start {name}"),
            ("anybody", "Follow it, here or in a browser.", $"failback campaign watch {name}"),
        };
        for (var index = 0; index < spec.Waves.Count; index++)
        {
            var wave = spec.Waves[index];
            if (spec.OutageOf(wave) is { Automatic: false } outage)
            {
                steps.Add((outage.Describe(), $"Approve that the services of wave {wave.Name} go down.", $"failback campaign approve {name} {wave.Name} --comment \"…\""));
                if (spec.PlannedDrill is not null)
                {
                    steps.Add((outage.Describe(), $"Approve the way back of wave {wave.Name}.", $"failback campaign approve {name} {wave.Name} --way-back --comment \"…\""));
                }
            }

            if (index < spec.Waves.Count - 1 && wave.Gate is { Approvers.Count: > 0 } gate)
            {
                steps.Add((string.Join(" or ", gate.Approvers), $"Approve wave {wave.Name}, once all of its machines have ended.", $"failback campaign approve {name} {wave.Name} --comment \"…\""));
            }
        }

        steps.Add(("an operator", "Keep the evidence.", $"failback audit evidence {name} --output {name}-evidence.zip"));
        await page.HeadingAsync("Steps");
        await page.BeginTableAsync("Done", "#", "By", "~What", "~Command");
        for (var index = 0; index < steps.Count; index++)
        {
            await page.RowAsync(string.Empty, "☐", Number(index + 1), steps[index].Who, steps[index].What, steps[index].Command);
        }

        await page.EndTableAsync();
    }

    private static async Task TroubleAsync(Runbook runbook, HtmlPage page)
    {
        var (name, pairs) = (runbook.Spec.Name, runbook.Spec.HostToHost is not null);
        await page.HeadingAsync("When something is wrong");
        await page.BeginTableAsync("~What is seen", "~What it means", "~Command");
        await page.RowAsync(string.Empty, "Nothing moves", "Each item that waits says why, and what frees it.", $"failback campaign explain {name}");
        await page.RowAsync(string.Empty, "PAUSED, TOLERANCE", $"More have failed than are tolerated ({Tolerated(runbook.Spec.Tolerance)}). Nothing starts; what runs goes on.", $"failback campaign resume {name} --reason \"…\"");
        await page.RowAsync(string.Empty, "FAILED", "Its attempts are used up. The reason is in its row.", $"failback campaign retry {name}");
        await page.RowAsync(string.Empty, "UNKNOWN_OUTCOME", "The host cannot prove what happened. Look at the host, then say what you saw.", $"failback campaign resolve {name} ITEM --as succeeded|failed --reason \"…\"");
        if (pairs)
        {
            await page.RowAsync(string.Empty, "HELD", "A person must decide about this machine; no other waits for it.", "failback vm status MACHINE, then failback vm answer MACHINE ANSWER");
            await page.RowAsync(string.Empty, "A service is down and its machine does not come up at home", "It can go back before anything is final. What was written at home is lost.", "failback vm rollback MACHINE --confirm-loss --reason \"…\"");
        }

        await page.RowAsync(string.Empty, "No more machines are to start", "What runs goes on.", $"failback campaign pause {name} --reason \"…\"");
        await page.RowAsync(
            string.Empty, "It is to end", pairs ? "Outages that are under way are followed to their end; with --take-back they go back." : "What runs is followed to its end.", $"failback campaign stop {name} --reason \"…\"");
        await page.EndTableAsync();
    }

    private static async Task MachinesAsync(CampaignPlan plan, HtmlPage page)
    {
        await page.HeadingAsync(Text($"Virtual machines ({plan.Items.Count:N0}), in the order of their start"));
        await page.BeginTableAsync("#", "Wave", "Machine", "From", "To", "#Disks", "~After");
        for (var index = 0; index < plan.Items.Count; index++)
        {
            var item = plan.Items[index];
            var after = plan.AfterOf(index);
            await page.RowAsync(
                string.Empty,
                Number(index + 1),
                plan.Waves[item.Wave].Name,
                item.VirtualMachineName,
                item.Host,
                item.StepCount > 1 ? item.StepAt(item.StepCount - 1).Host : item.PrimarySite,
                item.DiskBytes > 0 ? SizeText.Write(item.DiskBytes) : "unknown",
                string.Join(", ", after.Take(MostAfter).Select(other => plan.Items[other].VirtualMachineName)) + (after.Count > MostAfter ? Text($" and {after.Count - MostAfter:N0} more") : string.Empty));
        }

        await page.EndTableAsync();
    }

    private static string Outages(OutageSpec? outage) => outage is null ? "none" : outage.Automatic ? "begin without an approval" : $"after approval by {outage.Describe()}";

    private static string Programs(CampaignSpec spec, WaveSpec wave)
    {
        var hooks = wave.Hooks ?? spec.HostToHost?.Hooks;
        return string.Join(", ", new[]
        {
            ("once before its outages", wave.Once?.BeforeOutages), ("before each outage", hooks?.BeforeOutage), ("after each machine has come up", hooks?.AfterVerify), ("once after its end", wave.Once?.AfterEnd),
        }.Where(program => program.Item2 is { Length: > 0 }).Select(program => $"{program.Item2} {program.Item1}"));
    }

    private static string Tolerated(ToleranceSpec tolerance) => string.Join(
        ", ",
        new[]
        {
            Text($"{tolerance.Failures} in the campaign"),
            tolerance.PerHost is { } host ? Text($"{host} on a host") : string.Empty,
            tolerance.Window is { } window ? Text($"{window.Failures} within {DurationText.Write(window.In)}") : string.Empty,
        }.Where(part => part.Length > 0));

    private static string Limits(LimitsSpec limits) => string.Join(", ", new[]
    {
        ("in the campaign", limits.Campaign), ("on a host", limits.Host), ("on a site's hosts", limits.Site), ("on a link", limits.Link), ("of a tenant", limits.Tenant), ("services down at once", limits.Switch),
    }.Where(limit => limit.Item2 is not null).Select(limit => Text($"{limit.Item2} {limit.Item1}")));

    private static string Window(WindowSpec? window)
        => window is null ? string.Empty : $"from {Time(window.Opens)} to {Time(window.Closes)}, {window.TimeZone}";

    private static string Network(NetworkSpec network)
    {
        string[] parts =
        [
            network.To == network.From ? string.Empty : $"switch {network.To}",
            network.Vlan is { } vlan ? vlan == 0 ? "untagged" : Text($"VLAN {vlan}") : string.Empty,
            network.KeepMac ? "the static MAC address that they have there" : string.Empty,
            network.Dhcp ? "addresses from a DHCP server" : string.Empty,
            .. network.Subnets.Select(subnet => $"{subnet.From} becomes {subnet.To}{(subnet.Gateway.Length > 0 ? $", gateway {subnet.Gateway}" : "")}{(subnet.DnsServers.Count > 0 ? $", name servers {string.Join(", ", subnet.DnsServers)}" : "")}"),
        ];
        return $"adapters at switch {network.From}: {string.Join("; ", parts.Where(part => part.Length > 0))}";
    }

    private static string Time(WindowTime time) => time.Day is { } day ? Text($"{day} {time.Time:HH:mm}") : Text($"{time.Time:HH:mm}");

    /// <summary>A file's name as a shell takes it.</summary>
    private static string Argument(string file) => file.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '/') ? file : $"'{file.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
