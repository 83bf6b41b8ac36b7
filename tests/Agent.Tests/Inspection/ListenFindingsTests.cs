using System.Net;
using System.Net.Sockets;
using HostAgent.Agent.Inspection;

namespace HostAgent.Agent.Tests.Inspection;

/// <summary>A port is judged by whether an agent is running: it must be free before, and taken then.</summary>
public sealed class ListenFindingsTests
{
    private static readonly IPEndPoint Listen = IPEndPoint.Parse("10.0.0.5:7443");

    [Theory]
    [InlineData(null, false, "OK      port: 10.0.0.5:7443 is free")]
    [InlineData(null, true, "WARNING port: no program listens on 10.0.0.5:7443, but an agent is running: it was started with another address, or it is starting or stopping")]
    [InlineData(SocketError.AddressAlreadyInUse, true, "OK      port: 10.0.0.5:7443 is in use, and an agent is running: 'check' asks it whether it serves")]
    [InlineData(SocketError.AddressAlreadyInUse, false, "FAILED  port: 10.0.0.5:7443 is in use by another program: end it, or choose another HostAgent:Listen")]
    [InlineData(SocketError.AddressNotAvailable, true, "FAILED  port: 10.0.0.5:7443 is not an address of this machine: choose another HostAgent:Listen")]
    [InlineData(SocketError.AccessDenied, false, "FAILED  port: 10.0.0.5:7443 is not allowed for this account, or reserved by the system: choose another HostAgent:Listen")]
    [InlineData(SocketError.AddressFamilyNotSupported, false, "FAILED  port: the agent cannot listen on 10.0.0.5:7443 (AddressFamilyNotSupported)")]
    public void Every_trial_has_its_words(SocketError? refusal, bool agentRuns, string line) => ListenFindings.Of(Listen, refusal, agentRuns).ToString().ShouldBe(line);

    [Fact]
    public void Port_that_is_chosen_at_the_start_needs_no_trial()
        => ListenFindings.OfAnyPort(IPEndPoint.Parse("127.0.0.1:0")).ToString().ShouldBe("OK      port: a free one of 127.0.0.1 is chosen when the agent starts");
}
