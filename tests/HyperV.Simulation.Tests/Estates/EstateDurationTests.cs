using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests.Estates;

public sealed class EstateDurationTests
{
    [Fact]
    public void One_machine_alone_takes_what_its_phases_take()
        => new Estate { Hosts = [Stage.HostOf(Stage.Machine())] }.EstimateDuration(4).ShouldBe(TimeSpan.FromSeconds(245));

    [Fact]
    public void One_at_a_time_takes_the_sum_and_the_slowest_host_decides()
    {
        var estate = new Estate
        {
            Hosts = [Stage.HostOf(Stage.Machine("a", 1), Stage.Machine("b", 2)), Stage.HostOf(Stage.Machine("c", 3)) with { Name = "hv-west-02" }],
        };
        estate.EstimateDuration(1).ShouldBe(TimeSpan.FromSeconds(490));
    }

    [Fact]
    public void Two_at_once_share_the_link()
    {
        // Both transfer at once: 160 s instead of 80.
        var estate = new Estate { Hosts = [Stage.HostOf(Stage.Machine("a", 1), Stage.Machine("b", 2))] };
        estate.EstimateDuration(2).ShouldBe(TimeSpan.FromSeconds(325));
    }

    [Fact]
    public void The_speed_for_a_duration_brings_the_estate_down_to_it()
    {
        var estate = EstateGenerator.Generate(8, 5, 7);
        var estimate = estate.EstimateDuration(4);
        estimate.ShouldBeInRange(TimeSpan.FromMinutes(20), TimeSpan.FromHours(12), "a 100 GB machine takes about half an hour");
        (estimate / estate.SpeedFor(TimeSpan.FromSeconds(20), 4)).ShouldBe(TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void An_empty_estate_takes_no_time()
    {
        var estate = new Estate { Hosts = [] };
        estate.EstimateDuration(1).ShouldBe(TimeSpan.Zero);
        estate.SpeedFor(TimeSpan.FromSeconds(20), 1).ShouldBe(1);
    }
}
