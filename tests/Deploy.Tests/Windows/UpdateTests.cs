using System.Management.Automation;

namespace HostAgent.Deploy.Tests.Windows;

/// <summary>An update goes to a version that serves, or back.</summary>
public sealed class UpdateTests : DeploymentTest
{
    [Fact]
    public void New_version_runs_beside_the_old_one_which_stays()
    {
        Install(Windows.Publish("1.0.0"));

        Update(Windows.Publish("1.1.0")).Changes.ShouldBe(["copied version 1.1.0", "went from 1.0.0 to 1.1.0"]);

        Command().ShouldContain(PathOf("1.1.0"));
        State().ShouldBe("Running");
        Directory.Exists(PathOf("1.0.0")).ShouldBeTrue();
    }

    [Fact]
    public void Older_versions_than_the_former_go()
    {
        Install(Windows.Publish("1.0.0"));
        Update(Windows.Publish("1.1.0"));

        Update(Windows.Publish("1.2.0")).Changes.ShouldContain("removed version 1.0.0");

        Directory.GetDirectories(Path.Combine(Windows.InstallRoot, "versions")).Select(Path.GetFileName).ShouldBe(["1.1.0", "1.2.0"], ignoreOrder: true);
    }

    [Fact]
    public void Same_version_changes_nothing()
    {
        Install(Windows.Publish("1.0.0"));
        Windows.ForgetChanges();

        Update(Windows.Publish("1.0.0")).Changes.ShouldBeEmpty();

        Windows.Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Version_that_does_not_serve_is_left_for_the_former_one()
    {
        Install(Windows.Publish("1.0.0"));

        var failure = Should.Throw<RuntimeException>(() => Update(Windows.Publish("1.1.0", serves: false), ("HealthTimeoutSeconds", 5)));

        failure.Message.ShouldContain("Version 1.1.0 did not serve within 5 s");
        failure.Message.ShouldContain("version 1.1.0 is deaf");
        failure.Message.ShouldContain("Version 1.0.0 serves again.");
        Command().ShouldContain(PathOf("1.0.0"));
        State().ShouldBe("Running");
    }

    [Fact]
    public void Version_that_does_not_start_is_left_for_the_former_one()
    {
        Install(Windows.Publish("1.0.0"));
        Windows.CannotStart = "1.1.0";

        var failure = Should.Throw<RuntimeException>(() => Update(Windows.Publish("1.1.0")));

        failure.Message.ShouldContain("cannot be started");
        failure.Message.ShouldContain("Version 1.0.0 serves again.");
        Command().ShouldContain(PathOf("1.0.0"));
    }

    [Fact]
    public void Nothing_that_serves_is_said_loudly()
    {
        Install(Windows.Publish("1.0.0"));
        Windows.CannotStart = "HostAgent";

        Should.Throw<RuntimeException>(() => Update(Windows.Publish("1.1.0"))).Message.ShouldContain("VERSION 1.0.0 DOES NOT SERVE EITHER");
    }

    [Fact]
    public void Failed_update_can_be_tried_again()
    {
        Install(Windows.Publish("1.0.0"));
        Windows.CannotStart = "1.1.0";
        Should.Throw<RuntimeException>(() => Update(Windows.Publish("1.1.0")));
        Windows.CannotStart = null;

        Update(Windows.Publish("1.1.0")).Changes.ShouldBe(["went from 1.0.0 to 1.1.0"]);
    }

    [Fact]
    public void Journal_is_never_put_back()
    {
        Install(Windows.Publish("1.0.0"));
        var journal = Path.Combine(Windows.DataRoot, "data", "journal.db");
        File.WriteAllText(journal, "what was begun since");

        Should.Throw<RuntimeException>(() => Update(Windows.Publish("1.1.0", serves: false), ("HealthTimeoutSeconds", 1)));

        File.ReadAllText(journal).ShouldBe("what was begun since");
        Windows.Changes.ShouldNotContain(change => change.Contains("journal.db", StringComparison.Ordinal));
    }

    [Fact]
    public void What_if_changes_nothing()
    {
        Install(Windows.Publish("1.0.0"));
        Windows.ForgetChanges();

        Update(Windows.Publish("1.1.0"), ("WhatIf", true)).Changes.ShouldBeEmpty();

        Windows.Changes.ShouldBeEmpty();
        Directory.Exists(PathOf("1.1.0")).ShouldBeFalse();
    }

    [Fact]
    public void Host_without_an_agent_is_sent_to_the_installation()
        => Should.Throw<RuntimeException>(() => Update(Windows.Publish("1.1.0"))).Message.ShouldContain("Install-HostAgent.ps1");

    private string Command() => (string)Windows.Service!.Properties["PathName"].Value;

    private string State() => (string)Windows.Service!.Properties["State"].Value;
}
