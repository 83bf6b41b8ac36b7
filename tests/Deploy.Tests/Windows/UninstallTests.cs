namespace HostAgent.Deploy.Tests.Windows;

/// <summary>Uninstalling leaves nothing but what would be missed.</summary>
public sealed class UninstallTests : DeploymentTest
{
    [Fact]
    public void Service_rights_rule_and_programs_go_and_the_journal_stays()
    {
        Install(Windows.Publish("1.0.0"));
        var journal = Path.Combine(Windows.DataRoot, "data", "journal.db");
        File.WriteAllText(journal, "what was begun");

        Uninstall();

        Windows.Service.ShouldBeNull();
        Windows.Members.ShouldBeEmpty();
        Windows.FirewallRule.ShouldBeNull();
        Windows.RegistryKeys.ShouldBe(0);
        Directory.Exists(Windows.InstallRoot).ShouldBeFalse();
        File.ReadAllText(journal).ShouldBe("what was begun");
    }

    [Fact]
    public void Data_goes_when_it_is_asked_for()
    {
        Install(Windows.Publish("1.0.0"));

        Uninstall(("RemoveData", true));

        Directory.Exists(Windows.DataRoot).ShouldBeFalse();
    }

    [Fact]
    public void Second_time_changes_nothing()
    {
        Install(Windows.Publish("1.0.0"));
        Uninstall();
        Windows.ForgetChanges();

        Uninstall().Changes.ShouldBeEmpty();

        Windows.Changes.ShouldBeEmpty();
    }

    [Fact]
    public void What_if_changes_nothing()
    {
        Install(Windows.Publish("1.0.0"));
        Windows.ForgetChanges();

        Uninstall(("WhatIf", true), ("RemoveData", true)).Changes.ShouldBeEmpty();

        Windows.Changes.ShouldBeEmpty();
        Directory.Exists(Windows.DataRoot).ShouldBeTrue();
    }

    [Fact]
    public void Installed_again_the_agent_finds_its_journal_and_settings()
    {
        var source = Windows.Publish("1.0.0");
        Install(source);
        File.WriteAllText(Windows.Settings, "edited");
        Uninstall();

        Install(source);

        File.ReadAllText(Windows.Settings).ShouldBe("edited");
        Windows.Service!.Properties["State"].Value.ShouldBe("Running");
    }
}
