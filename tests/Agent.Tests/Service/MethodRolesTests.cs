using System.Reflection;
using HostAgent.Agent.Service;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;
using Microsoft.AspNetCore.Authorization;

namespace HostAgent.Agent.Tests.Service;

public sealed class MethodRolesTests
{
    [Fact]
    public void Every_method_says_who_may_call_it()
        => Failback.Descriptor.Methods
            .ToDictionary(method => method.Name, method => Roles(method.Name))
            .ShouldBe(
                new Dictionary<string, string>
                {
                    ["CheckReadiness"] = "coordinator,operator,viewer",
                    ["ListVirtualMachines"] = "coordinator,operator,viewer",
                    ["ListRecoveryPoints"] = "coordinator,operator,viewer",
                    ["ClaimCampaign"] = "coordinator",
                    ["InitiateFailback"] = "start-failbacks",
                    ["WatchFailback"] = "coordinator,operator,viewer",
                    ["GetFailback"] = "coordinator,operator,viewer",
                    ["ListFailbacks"] = "coordinator,operator,viewer",
                    ["CancelFailback"] = "start-failbacks",
                    ["GetHost"] = "coordinator,operator,viewer",
                },
                ignoreOrder: true);

    [Fact]
    public void The_methods_that_ask_the_host_much_are_limited()
        => Failback.Descriptor.Methods
            .Where(method => Method(method.Name).GetCustomAttribute<MaxConcurrentCallsAttribute>()?.PerPeer == 256)
            .Select(method => method.Name)
            .ShouldBe(["CheckReadiness", "ListRecoveryPoints"], ignoreOrder: true);

    private static string Roles(string method)
    {
        var attribute = Method(method).GetCustomAttributes<AuthorizeAttribute>().ShouldHaveSingleItem();
        return attribute.Roles ?? attribute.Policy!;
    }

    private static MethodInfo Method(string name) => typeof(FailbackService).GetMethod(name)!;
}
