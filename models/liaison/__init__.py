"""The liaison sheet: what a training organisation tells a référent, and an employer, with her
agreement (REQ-181, REQ-182, REQ-211)."""
