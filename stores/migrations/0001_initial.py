"""Users, stores, members, the audit trail."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import stores.constraints
import stores.models.store
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Store",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "currency",
                    models.CharField(
                        choices=[
                            ("L$", "L$"),
                            ("BIF", "BIF"),
                            ("CLP", "CLP"),
                            ("DJF", "DJF"),
                            ("GNF", "GNF"),
                            ("ISK", "ISK"),
                            ("JPY", "JPY"),
                            ("KMF", "KMF"),
                            ("KRW", "KRW"),
                            ("PYG", "PYG"),
                            ("RWF", "RWF"),
                            ("UGX", "UGX"),
                            ("UYI", "UYI"),
                            ("VND", "VND"),
                            ("VUV", "VUV"),
                            ("XAF", "XAF"),
                            ("XOF", "XOF"),
                            ("XPF", "XPF"),
                            ("AED", "AED"),
                            ("AFN", "AFN"),
                            ("ALL", "ALL"),
                            ("AMD", "AMD"),
                            ("AOA", "AOA"),
                            ("ARS", "ARS"),
                            ("AUD", "AUD"),
                            ("AWG", "AWG"),
                            ("AZN", "AZN"),
                            ("BAM", "BAM"),
                            ("BBD", "BBD"),
                            ("BDT", "BDT"),
                            ("BGN", "BGN"),
                            ("BMD", "BMD"),
                            ("BND", "BND"),
                            ("BOB", "BOB"),
                            ("BRL", "BRL"),
                            ("BSD", "BSD"),
                            ("BTN", "BTN"),
                            ("BWP", "BWP"),
                            ("BYN", "BYN"),
                            ("BZD", "BZD"),
                            ("CAD", "CAD"),
                            ("CDF", "CDF"),
                            ("CHF", "CHF"),
                            ("CNY", "CNY"),
                            ("COP", "COP"),
                            ("CRC", "CRC"),
                            ("CUP", "CUP"),
                            ("CVE", "CVE"),
                            ("CZK", "CZK"),
                            ("DKK", "DKK"),
                            ("DOP", "DOP"),
                            ("DZD", "DZD"),
                            ("EGP", "EGP"),
                            ("ERN", "ERN"),
                            ("ETB", "ETB"),
                            ("EUR", "EUR"),
                            ("FJD", "FJD"),
                            ("FKP", "FKP"),
                            ("GBP", "GBP"),
                            ("GEL", "GEL"),
                            ("GHS", "GHS"),
                            ("GIP", "GIP"),
                            ("GMD", "GMD"),
                            ("GTQ", "GTQ"),
                            ("GYD", "GYD"),
                            ("HKD", "HKD"),
                            ("HNL", "HNL"),
                            ("HTG", "HTG"),
                            ("HUF", "HUF"),
                            ("IDR", "IDR"),
                            ("ILS", "ILS"),
                            ("INR", "INR"),
                            ("IRR", "IRR"),
                            ("JMD", "JMD"),
                            ("KES", "KES"),
                            ("KGS", "KGS"),
                            ("KHR", "KHR"),
                            ("KPW", "KPW"),
                            ("KYD", "KYD"),
                            ("KZT", "KZT"),
                            ("LAK", "LAK"),
                            ("LBP", "LBP"),
                            ("LKR", "LKR"),
                            ("LRD", "LRD"),
                            ("LSL", "LSL"),
                            ("MAD", "MAD"),
                            ("MDL", "MDL"),
                            ("MGA", "MGA"),
                            ("MKD", "MKD"),
                            ("MMK", "MMK"),
                            ("MNT", "MNT"),
                            ("MOP", "MOP"),
                            ("MRU", "MRU"),
                            ("MUR", "MUR"),
                            ("MVR", "MVR"),
                            ("MWK", "MWK"),
                            ("MXN", "MXN"),
                            ("MYR", "MYR"),
                            ("MZN", "MZN"),
                            ("NAD", "NAD"),
                            ("NGN", "NGN"),
                            ("NIO", "NIO"),
                            ("NOK", "NOK"),
                            ("NPR", "NPR"),
                            ("NZD", "NZD"),
                            ("PAB", "PAB"),
                            ("PEN", "PEN"),
                            ("PGK", "PGK"),
                            ("PHP", "PHP"),
                            ("PKR", "PKR"),
                            ("PLN", "PLN"),
                            ("QAR", "QAR"),
                            ("RON", "RON"),
                            ("RSD", "RSD"),
                            ("RUB", "RUB"),
                            ("SAR", "SAR"),
                            ("SBD", "SBD"),
                            ("SCR", "SCR"),
                            ("SDG", "SDG"),
                            ("SEK", "SEK"),
                            ("SGD", "SGD"),
                            ("SHP", "SHP"),
                            ("SLE", "SLE"),
                            ("SOS", "SOS"),
                            ("SRD", "SRD"),
                            ("SSP", "SSP"),
                            ("STN", "STN"),
                            ("SVC", "SVC"),
                            ("SYP", "SYP"),
                            ("SZL", "SZL"),
                            ("THB", "THB"),
                            ("TJS", "TJS"),
                            ("TMT", "TMT"),
                            ("TOP", "TOP"),
                            ("TRY", "TRY"),
                            ("TTD", "TTD"),
                            ("TWD", "TWD"),
                            ("TZS", "TZS"),
                            ("UAH", "UAH"),
                            ("USD", "USD"),
                            ("UYU", "UYU"),
                            ("UZS", "UZS"),
                            ("VED", "VED"),
                            ("VES", "VES"),
                            ("WST", "WST"),
                            ("XCD", "XCD"),
                            ("YER", "YER"),
                            ("ZAR", "ZAR"),
                            ("ZMW", "ZMW"),
                            ("ZWG", "ZWG"),
                            ("BHD", "BHD"),
                            ("IQD", "IQD"),
                            ("JOD", "JOD"),
                            ("KWD", "KWD"),
                            ("LYD", "LYD"),
                            ("OMR", "OMR"),
                            ("TND", "TND"),
                        ],
                        default="L$",
                        max_length=3,
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default="America/Los_Angeles",
                        max_length=64,
                        validators=[stores.models.store.validate_time_zone],
                    ),
                ),
                (
                    "name_rule",
                    models.CharField(
                        choices=[
                            ("second_life", "Second Life usernames"),
                            ("plain", "Names as they are written"),
                        ],
                        default="second_life",
                        max_length=16,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="stores.store",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("manager", "Manager"),
                            ("clerk", "Clerk"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
            options={
                "ordering": ["store", "user"],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "user"), name="member_once_per_store"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "manager", "clerk", "viewer"])),
                        name="member_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("action", models.CharField(max_length=40)),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("changes", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name_plural": "audit entries",
                "indexes": [
                    models.Index(
                        fields=["store", "subject_type", "subject_id", "id"], name="audit_subject"
                    )
                ],
                "constraints": [stores.constraints.Immutable(name="audit_is_append_only")],
            },
        ),
    ]
