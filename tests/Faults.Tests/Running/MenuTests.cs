using HostAgent.Faults.Rows;

namespace HostAgent.Faults.Tests.Running;

/// <summary>A few seeds with the product's own processes; the switch runs many.</summary>
public sealed class MenuTests
{
    private static readonly int[] Numbers = [.. Enumerable.Range(1, 25)];

    [Theory]
    [InlineData("1,5,6", 3)]
    [InlineData("8", 2)]
    [InlineData("17", 3)]
    public async Task Product_keeps_its_promises_under_faults(string faults, int firstSeed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGSTOP and no prlimit.");
        var (exitCode, summary, output) = await FaultsProgram.RunAsync(
            "--faults", faults, "--first-seed", firstSeed.ToString(System.Globalization.CultureInfo.InvariantCulture), "--seeds", "1");

        exitCode.ShouldBe(0, output);
        summary.GetProperty("seeds").GetInt32().ShouldBe(faults.Split(',').Length);
        summary.GetProperty("violations").GetInt32().ShouldBe(0);
        summary.GetProperty("strikes").GetInt32().ShouldBeGreaterThan(0);
        summary.GetProperty("items").GetInt32().ShouldBeGreaterThanOrEqualTo(10);
    }

    [Fact]
    public void Same_seed_decides_the_same_faults_and_another_seed_others()
    {
        foreach (var row in Menu.Rows)
        {
            string Plan(int seed) => string.Join('\n', row.Decide(seed).Plan);
            Enumerable.Range(1, 40).Select(Plan).ShouldBe(Enumerable.Range(1, 40).Select(Plan));
            // Simulated faults are in the setup, not in the plan.
            if (row.Number is not (>= 8 and <= 15))
            {
                Enumerable.Range(1, 40).Select(Plan).Distinct().Count().ShouldBeGreaterThan(10, $"row {row.Number}");
            }
        }
    }

    [Fact]
    public void Estate_of_any_size_is_struck_to_the_end_by_what_the_seed_decides()
    {
        var row = Menu.NodesOf(new EstateSize(6, 4));

        foreach (var seed in (int[])[1, 2])
        {
            var (setup, plan) = row.Decide(seed);

            setup.Coordinators.ShouldBe(3);
            (setup.Estate.Hosts.Count, setup.Estate.Hosts.SelectMany(host => host.VirtualMachines).DistinctBy(machine => machine.Id).Count()).ShouldBe((6, 24));
            plan[^1].After.ShouldBeGreaterThan(setup.Bound);
            plan.Select(strike => $"{strike}").ShouldBe(row.Decide(seed).Plan.Select(strike => $"{strike}"));
        }
    }

    [Fact]
    public void Menu_is_whole() => Menu.Rows.Select(row => row.Number).ShouldBe(Numbers);

    [Theory]
    [InlineData("--faults", "1,99", "99")]
    [InlineData("--seeds", "0", "at least 1")]
    [InlineData("--flaw", "none", "no-journal")]
    [InlineData("--hosts", "3", "even number from 2 to 1000")]
    [InlineData("--machines", "5", "only with --hosts")]
    public async Task Argument_that_means_nothing_is_refused(string option, string value, string said)
    {
        var (exitCode, _, output) = await FaultsProgram.RunAsync(option, value);

        exitCode.ShouldNotBe(0);
        output.ShouldContain(said);
    }
}
