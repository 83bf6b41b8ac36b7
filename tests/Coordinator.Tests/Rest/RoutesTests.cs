using System.Text;
using Google.Protobuf.Reflection;
using HostAgent.Coordinator.Rest;
using HostAgent.Transport.Rest;
using Microsoft.OpenApi;

namespace HostAgent.Coordinator.Tests.Rest;

public sealed class RoutesTests
{
    private static readonly ServiceDescriptor[] Services =
        [Contracts.Campaigns.V1.Campaigns.Descriptor, Contracts.Campaigns.V1.Hosts.Descriptor, Contracts.Campaigns.V1.Returns.Descriptor, Contracts.Campaigns.V1.Drills.Descriptor, Contracts.Campaigns.V1.Notifications.Descriptor];

    [Fact]
    public void Every_method_has_a_path_and_only_reading_is_GET()
    {
        var routes = new RestApi(Services).Routes;

        routes.Select(route => route.Method.FullName).ShouldBe(Services.SelectMany(service => service.Methods).Select(method => method.FullName));
        routes.Where(route => route.HttpMethod == "GET").ShouldAllBe(route => System.Text.RegularExpressions.Regex.IsMatch(route.Method.Name, "^(Get|List|Watch|Export|Explain)"));
        routes.ShouldAllBe(route => route.Template.StartsWith(RestApi.Root, StringComparison.Ordinal));
    }

    [Fact]
    public void Agents_services_have_no_path()
        => RestRoute.Of([Contracts.Failback.V1.Failback.Descriptor]).ShouldBeEmpty();

    [Fact]
    public void Description_parses_without_errors_and_has_every_path_with_its_comment_and_no_other()
    {
        var api = new RestApi(Services);

        var read = OpenApiDocument.Parse(Encoding.UTF8.GetString(OpenApiDescription.Write(api)), "json");

        read.Diagnostic!.Errors.Select(error => $"{error.Pointer}: {error.Message}").ShouldBeEmpty();
        read.Diagnostic.Warnings.Select(error => $"{error.Pointer}: {error.Message}").ShouldBeEmpty();
        var described = read.Document!.Paths.SelectMany(path => path.Value.Operations!.Select(operation => (Path: path.Key, Verb: operation.Key.Method, operation.Value))).ToList();
        described.Select(operation => $"{operation.Verb} {operation.Path}").ShouldBe(api.Routes.Select(route => $"{route.HttpMethod} {OpenApiDescription.PathOf(route)}"), ignoreOrder: true);
        described.ShouldAllBe(operation => !string.IsNullOrWhiteSpace(operation.Value.Description));
        var campaign = read.Document.Components!.Schemas!["hyperv.campaigns.v1.Campaign"];
        campaign.Properties!.Keys.ShouldBe(Contracts.Campaigns.V1.Campaign.Descriptor.Fields.InDeclarationOrder().Select(field => field.Name));
        campaign.Description.ShouldNotBeNullOrWhiteSpace();
    }
}
