"""What is to be written so that an account holds what stripe.yaml says. Pure: values in, values out."""
