"""What real life sends a receiver of webhooks, and what a right one makes of it. Judged from outside: answers, time, an observer."""
